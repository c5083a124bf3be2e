"""Tells the kind of a file by its first bytes."""

HEAD_BYTES = 1024
"""How many of a file's first bytes `media_type` needs."""

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
"""How containers start that may hold an Office document: see `shenbao.loading.office`."""

_PICTURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"BM", "image/bmp"),
)

_KNOWN_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "a GIF picture"),
    (ZIP, "a ZIP container that holds no Word or Excel document"),
    (OLE, "an old Office file that is neither Word nor Excel"),
    (b"{\\rtf", "an RTF text"),
    (b"\x00\x00\x00\x0cjP", "a JPEG 2000 picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"%!PS", "a PostScript file"),
)

SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".bmp", ".pdf"}) | {
    ".docx",
    ".xlsx",
    ".doc",
    ".xls",
}
"""Endings by which a file says that it is meant to be read; only used to report one that cannot be."""


def media_type(head: bytes) -> str | None:
    """The media type of a file that starts with `head`, or None when shenbao does not read its kind."""
    for magic, kind in _PICTURES:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if b"%PDF-" in head[:HEAD_BYTES]:
        return PDF
    return None


def describe_other(head: bytes) -> str:
    """What an unsupported file seems to be, in words for people."""
    for magic, words in _KNOWN_OTHERS:
        if head.startswith(magic):
            return words
    if head[4:8] == b"ftyp":
        return "a HEIC picture or a film"
    if b"\x00" not in head:
        return "a text file or something of an unknown kind"
    return "a file of an unknown kind"
