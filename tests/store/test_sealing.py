from pathlib import Path

import pytest

from shenbao.errors import OutputError
from shenbao.store.sealing import Seal


def test_a_text_comes_back_and_cannot_be_seen(tmp_path: Path) -> None:
    seal = Seal(tmp_path / "data" / "secret.key")
    sealed = seal.close("密码 123")
    assert b"123" not in sealed
    assert Seal(tmp_path / "data" / "secret.key").open(sealed) == "密码 123"
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]


def test_without_its_key_it_stays_sealed(tmp_path: Path) -> None:
    sealed = Seal(tmp_path / "one").close("a")
    other = Seal(tmp_path / "two")
    assert other.open(sealed) is None
    other.close("b")
    assert other.open(sealed) is None
    assert Seal(tmp_path / "one").open(b"in plain text") is None


def test_a_key_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        Seal(tmp_path / "file" / "secret.key").close("a")
