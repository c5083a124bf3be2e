from face_samples import box, sample_document, sample_table

from shenbao.export.flow import Passage, apart, flow, run_on
from shenbao.export.html import to_html
from shenbao.export.markdown import to_markdown
from shenbao.models.document import Document, Page, Role, Table, Text


def text(words: str, role: Role, block: int | None, level: int | None = None) -> Text:
    return Text(text=words, confidence=0.99, polygon=box(0, 0, 9, 9), role=role, block=block, level=level)


def prose() -> Document:
    """Two pages: a paragraph goes on over the break, the table stands between two headings."""
    first = [
        text("部门预算公开", "title", 1),
        text("一、部门职责", "heading", 2, 2),
        text("负责贯彻落实上级方针政策，", "paragraph", 3),
        text("- 1 -", "page_number", None),
    ]
    second = [
        text("组织实施规划。", "paragraph", 3),
        text("绩效目标申报表", "title", 4),
        text("（2021年度）", "caption", 4),
        text("（一）资产", "heading", 5, 3),
        text("一、职责……1", "contents", 6),
        text("二、机构……2", "contents", 6),
    ]
    base = sample_document()
    pages = [
        Page(number=n, width=400, height=240, dpi=100, rotation=0, skew=0.0, texts=texts)
        for n, texts in enumerate((first, second), 1)
    ]
    tables = [sample_table().model_copy(update={"block": 4})]
    return base.model_copy(update={"pages": pages, "tables": tables})


def test_flow_has_every_block_once_and_the_table_in_its_place() -> None:
    items = list(flow(prose()))
    told = [item.id if isinstance(item, Table) else item.role for item in items]
    assert told == ["title", "heading", "paragraph", "t1", "heading", "contents"]
    assert items[2] == Passage("paragraph", None, "负责贯彻落实上级方针政策，组织实施规划。")
    assert [t.text for t in apart(prose())] == ["- 1 -"]


def test_tables_without_a_place_come_last() -> None:
    document = prose().model_copy(update={"tables": [sample_table()]})
    assert isinstance(list(flow(document))[-1], Table)


def test_lines_run_on_without_blanks_but_between_words() -> None:
    assert run_on(["预算收入", "4277.", "75万元"]) == "预算收入4277.75万元"
    assert run_on(["the budget", "of 2024"]) == "the budget of 2024"
    assert run_on([]) == ""


def test_markdown_reads_from_start_to_end() -> None:
    lines = [line for line in to_markdown(prose()).decode().splitlines() if line]
    places = [
        lines.index(line)
        for line in (
            "## 部门预算公开",
            "### 一、部门职责",
            "负责贯彻落实上级方针政策，组织实施规划。",
            "## 绩效目标申报表",
            "（2021年度）",
            "<table>",
            "#### （一）资产",
            "一、职责……1<br>二、机构……2",
            "## 页码、页眉和图中文字",
        )
    ]
    assert places == sorted(places)
    assert lines.count("（2021年度）") == 1


def test_html_has_headings_and_paragraphs_in_order() -> None:
    page = to_html(prose(), 0.98).decode()
    parts = (
        "<h2>部门预算公开</h2>",
        "<h3>一、部门职责</h3>",
        '<p class="paragraph">负责贯彻落实上级方针政策，组织实施规划。</p>',
        "<table>",
        "<h4>（一）资产</h4>",
    )
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
