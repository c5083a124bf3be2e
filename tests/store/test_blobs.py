"""Originals and pictures by content, in a folder, in memory, and on a server that speaks S3."""

import hashlib
from pathlib import Path

import pytest

from shenbao.errors import MissingInput, UsageError
from shenbao.store.blobs import BlobStore


@pytest.fixture(params=["folder", "memory", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "s3":
        return BlobStore(f"{request.getfixturevalue('s3')}/blobs")
    return BlobStore(
        (tmp_path / "blobs").as_uri() if request.param == "folder" else f"memory://{tmp_path.name}"
    )


def test_content_is_kept_under_its_hash(blobs: BlobStore) -> None:
    content = b"\x00scan" * 100_000
    key = blobs.put(content)
    assert key == hashlib.sha256(content).hexdigest()
    assert blobs.get(key) == content
    assert blobs.put(content) == key


def test_content_is_forgotten_once_and_no_harm_done_twice(blobs: BlobStore) -> None:
    key, other = blobs.put(b"one"), blobs.put(b"two")
    blobs.remove(key)
    blobs.remove(key)
    with pytest.raises(MissingInput, match=key):
        blobs.get(key)
    assert blobs.get(other) == b"two"


def test_an_unknown_kind_of_place_is_told() -> None:
    with pytest.raises(UsageError, match="nowhere"):
        BlobStore("nowhere://a/b")
