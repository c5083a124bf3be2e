"""Print outside tables of real pages and forms, read with the real engine."""

from pathlib import Path

import pytest

from shenbao import Reader
from shenbao.export.flow import Passage, flow
from shenbao.models.document import Document, Table

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
REAL = ROOT / "../shared/real/pages"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def book(reader: Reader) -> Document:
    file = REAL / "scan_book_cn_8p_no_text_layer.pdf"
    if not file.is_file():
        pytest.skip("shared real pages are not here")
    return reader.read(file)


def test_title_and_captions_of_a_form_belong_to_its_table(reader: Reader) -> None:
    document = reader.read(ROOT / "samples/004-02-scan.jpg")
    (table,) = document.tables
    texts = document.pages[0].texts
    own = [text for text in texts if text.block == table.block]
    assert "".join(text.text for text in own if text.role == "title") == table.title != ""
    assert [text.text for text in own if text.role == "caption"] == list(table.captions) != []
    assert [item for item in flow(document) if isinstance(item, Table)] == [table]


def test_a_table_over_pages_is_one_block(reader: Reader) -> None:
    document = reader.read(ROOT / "samples/004-01-scan.pdf")
    blocks = [table.block for table in document.tables]
    assert len(set(blocks)) == len(blocks)
    assert None not in blocks


def test_pages_of_a_book_have_their_numbers_and_heads_apart(book: Document) -> None:
    numbers = [t.text for page in book.pages for t in page.texts if t.role == "page_number"]
    assert [n for n in numbers if n.isdigit()] == [str(n) for n in range(12, 20)]
    for page in book.pages:
        heads = "".join(text.text for text in page.texts if text.role == "other").replace(" ", "")
        assert heads.startswith(("第一篇", "第一章")), page.number


def test_paragraphs_of_a_book_run_on(book: Document) -> None:
    paragraphs = [item.text for item in flow(book) if isinstance(item, Passage)]
    assert any(text.startswith("史的事情") and text.endswith("于约定俗成。") for text in paragraphs)
    long = [text for text in paragraphs if len(text) > 60]
    assert sum(text[-1] in "。”）)：" for text in long) > 0.7 * len(long)
