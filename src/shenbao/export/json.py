"""JSON: the document itself, as the output contract describes it."""

from shenbao.models.document import Document


def to_json(document: Document) -> bytes:
    """One line of UTF-8 JSON with a line end."""
    return document.model_dump_json().encode() + b"\n"
