import os
import threading
import time
from pathlib import Path

import pytest

from shenbao.store.database import Database
from shenbao.store.group_sync import GroupSync
from shenbao.store.models import Project


def test_whoever_returns_has_what_was_written_before_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "log"
    file.touch()
    written, on_disk, late = [0], [0], []

    def slow(_: int) -> None:
        covered = written[0]
        time.sleep(0.05)
        on_disk.append(covered)

    monkeypatch.setattr(os, "fsync", slow)
    sync, lock = GroupSync(file), threading.Lock()

    def work() -> None:
        for _ in range(5):
            with lock:
                written[0] += 1
                mine = written[0]
            sync.wait()
            if on_disk[-1] < mine:
                late.append(mine)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert late == []
    assert len(on_disk) - 1 < 40, "commits of several threads share a wait"


def test_a_disk_that_refuses_is_told_of_and_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log").touch()
    sync = GroupSync(tmp_path / "log")

    def refuse(_: int) -> None:
        raise OSError("no")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="no"):
        sync.wait()
    monkeypatch.setattr(os, "fsync", lambda _: None)
    sync.wait()


def test_without_a_log_all_is_in_the_database(tmp_path: Path) -> None:
    GroupSync(tmp_path / "no such").wait()


def test_passing_writes_are_kept_and_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    waits: list[int] = []
    monkeypatch.setattr(os, "fsync", waits.append)
    with database.write_passing() as transaction:
        transaction.add(Project(name="一", accept=0.9, double=[]))
    assert waits == []
    with database.write() as transaction:
        transaction.add(Project(name="二", accept=0.9, double=[]))
    assert len(waits) == 1
    with database.read() as transaction:
        assert [p.name for p in transaction.query(Project).order_by(Project.id)] == ["一", "二"]
    database.close()


def test_passing_writes_on_both_databases(database: Database) -> None:
    with database.write_passing() as transaction:
        transaction.add(Project(name="一", accept=0.9, double=[]))
    with database.read() as transaction:
        assert transaction.query(Project).one().name == "一"
