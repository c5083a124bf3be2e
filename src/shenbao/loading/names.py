"""Names of files as text that can be stored and shown."""


def as_text(path: str) -> str:
    """A path whose parts are text: what is no UTF-8 is taken for GB 18030, as in archives from Windows."""
    return "/".join(map(_part, path.split("/")))


def _part(name: str) -> str:
    try:
        name.encode()
        return name
    except UnicodeEncodeError:
        pass
    try:
        return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace").decode()
