"""Every format over HTTP, from the upload to the file."""

import csv
import io
import json

import pytest
from fastapi.testclient import TestClient
from service_uploads import picture, upload

from shenbao.models.document import Document


def export(client: TestClient, document: object, format: str) -> bytes:
    answer = client.get(f"/v1/documents/{document}/export", params={"format": format})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    return answer.content


@pytest.fixture
def corrected(client: TestClient) -> object:
    """A document whose total a person has corrected to 104.09."""
    [one] = upload(client, picture())
    item = client.post("/v1/queue/next", json={"kind": "money"}).json()["items"][0]
    client.post(f"/v1/items/{item['id']}/decision", json={"action": "correct", "text": "104.09"})
    return one["document"]


def test_text_formats_hold_what_was_decided(client: TestClient, corrected: object) -> None:
    document = Document.model_validate_json(export(client, corrected, "json"))
    assert document.records[0].fields["budget_total"].value == "104.09"
    rows = list(csv.reader(io.StringIO(export(client, corrected, "csv").decode("utf-8-sig"))))
    assert "104.09" in next(row for row in rows if "budget_total" in row)
    for format in ("md", "html", "alto"):
        text = export(client, corrected, format).decode("utf-8-sig")
        assert "104.09" in text, format
        assert "<script>alert" not in text, format


def test_a_workbook(client: TestClient, corrected: object) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(export(client, corrected, "xlsx")))
    assert "104.09" in {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}


def test_parquet(client: TestClient, corrected: object) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(export(client, corrected, "parquet")))
    assert "104.09" in {str(value) for column in table.to_pydict().values() for value in column}


def test_a_searchable_pdf_of_the_original(client: TestClient, corrected: object) -> None:
    pytest.importorskip("pikepdf")
    pdfium = pytest.importorskip("pypdfium2")
    pdf = pdfium.PdfDocument(export(client, corrected, "pdf"))
    assert len(pdf) == 1
    assert "104.09" in pdf[0].get_textpage().get_text_range()


def encrypted(password: str) -> bytes:
    import img2pdf
    import pikepdf

    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(img2pdf.convert(picture()))) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(user=password, owner=password))
    return target.getvalue()


def test_an_encrypted_original_needs_its_password_again(client: TestClient) -> None:
    pytest.importorskip("img2pdf")
    [one] = upload(client, encrypted("密码"), password="密码")
    address = f"/v1/documents/{one['document']}/export"
    refused = client.get(address, params={"format": "pdf"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "encrypted")
    assert "X-Document-Password" in refused.json()["error"]["advice"]
    opened = client.get(
        address, params={"format": "pdf"}, headers={"X-Document-Password": "%E5%AF%86%E7%A0%81"}
    )
    assert opened.content.startswith(b"%PDF")
    assert client.get(address, params={"format": "json"}).status_code == 200


def test_what_cannot_be_made_is_refused_in_words(client: TestClient) -> None:
    pytest.importorskip("docx")
    from docx import Document as Word

    stream = io.BytesIO()
    word = Word()
    word.add_paragraph("申报单位：朝阳县司法局")
    word.save(stream)
    [one] = upload(client, stream.getvalue())
    refused = client.get(f"/v1/documents/{one['document']}/export", params={"format": "pdf"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (415, "unsupported")
    assert json.loads(export(client, one["document"], "json"))["status"] == "complete"
    [bad] = upload(client, picture("BAD"))
    assert client.get(f"/v1/documents/{bad['document']}/export", params={"format": "pdf"}).status_code == 404
