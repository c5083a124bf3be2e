"""Originals and pictures, each under the SHA-256 of its content, in a folder or a bucket."""

import hashlib
from pathlib import Path
from typing import Any

from shenbao.errors import MissingInput, OutputError, UsageError


class BlobStore:
    """Content by its hash, below a URL that fsspec knows: a folder, `s3://bucket/prefix`, `memory://name`."""

    def __init__(self, url: str) -> None:
        """Opens the store; its place is made at the first `put`.

        Raises:
            UsageError: fsspec does not know the URL, or needs a package that is not there.
        """
        from fsspec.core import url_to_fs

        self.url = url
        try:
            self._files: Any
            self._files, self._root = url_to_fs(url)
        except (ValueError, ImportError) as error:
            raise UsageError(f"blobs {url}: {error}") from error

    def put(self, data: bytes) -> str:
        """Keeps `data` and returns its key. What is there already is not written again.

        Raises:
            OutputError: the place cannot be written.
        """
        key = hashlib.sha256(data).hexdigest()
        path = self._path(key)
        try:
            if self._files.exists(path):
                return key
            self._files.makedirs(self._files._parent(path), exist_ok=True)
            # Committed when whole, so that a crash leaves nothing under the key.
            with self._files.open(path, "wb", autocommit=False) as stream:
                stream.write(data)
            stream.commit()
        except OSError as error:
            raise OutputError(f"blobs {self.url}: {error}") from error
        return key

    def get(self, key: str) -> bytes:
        """The content under a key.

        Raises:
            MissingInput: there is none.
        """
        try:
            content: bytes = self._files.cat_file(self._path(key))
        except FileNotFoundError as error:
            raise MissingInput(f"blobs {self.url}: no {key}") from error
        return content

    def remove(self, key: str) -> None:
        """Forgets a key; one that is not there is forgotten already."""
        path = self._path(key)
        if self._files.exists(path):
            self._files.rm_file(path)

    def _path(self, key: str) -> str:
        return f"{self._root}/{key[:2]}/{key}"


def folder_url(folder: Path) -> str:
    return (folder / "blobs").absolute().as_uri()
