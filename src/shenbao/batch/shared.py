"""The queue of a batch that many processes on many machines work on, in PostgreSQL.

A process that takes part keeps a lease of its own and renews it; what it has been lent is its own for as long. When
it dies, its lease runs out, and the others return what it had to the queue. Who was only slow may finish later
what another has finished meanwhile: outputs of one content and settings have the same bytes, so neither does harm.

A run begins when a process comes that finds nobody at work, and ends when all files are finished and the summary is
written. Whoever comes meanwhile takes part, if it was told the same.
"""

import contextlib
import hashlib
import json
import logging
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from shenbao.batch.databases import lock
from shenbao.batch.manifest import make_tables
from shenbao.batch.queue import Hold, Turn
from shenbao.batch.summary import FileResult
from shenbao.errors import BatchBusy
from shenbao.models.document import Source, StageError

log = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
_RENEWALS = 4
"""How often within its time a lease is renewed."""

_PAUSE_SECONDS = 0.3
"""How long after an empty answer, and between two looks at others' results, the database is left alone."""

_COUNT_SECONDS = 10.0
"""How old the number of pages may be that is told on the way; counting goes through all files and pages."""

_SLOW_SECONDS = 5.0
"""How long after its time a result may become visible; later ones are found at the end."""

_BUNCH = 500

_EARLIER = -1_000_000_000
"""Rank of pages, and of files that are to be composed, below that of files nobody has looked at."""

_TABLES = MetaData()
_run = Table(
    "run",
    _TABLES,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("closer", Text),
    Column("closed", Boolean, nullable=False),
)
_members = Table(
    "members", _TABLES, Column("id", Text, primary_key=True), Column("until", Float, nullable=False)
)
_turns = Table(
    "turns",
    _TABLES,
    Column("output", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # 0 is the file itself
    Column("state", Text, nullable=False),  # waiting, lent, open (a file whose pages are read), twin, done
    Column("rank", Integer, nullable=False),
    Column("owner", Text),
    Column("key", Text),
    Column("facts", Text),
    Column("error", Text),
    Column("result", Text),
    Column("read", Integer, nullable=False, server_default="0"),
    Column("finished_at", Float),
)
Index("turns_next", _turns.c.state, _turns.c.rank, _turns.c.number)
Index("turns_owner", _turns.c.owner, postgresql_where=_turns.c.state == "lent")
Index("turns_twins", _turns.c.key, postgresql_where=_turns.c.state == "twin")
Index("turns_finished", _turns.c.finished_at)
_makers = Table(
    "makers",
    _TABLES,
    Column("key", Text, primary_key=True),
    Column("output", Text, nullable=False),
    Column("made", Boolean, nullable=False),
)
_NOW = func.extract("epoch", func.clock_timestamp())
"""The clock is the database's: those of the machines may differ."""


class Shared:
    """Takes part in the run of an output folder. Use it with `with`; leaving it returns what is still lent."""

    def __init__(
        self, engine: Engine, outputs: Sequence[str], digest: str, lease: float = LEASE_SECONDS
    ) -> None:
        """`digest`: of all that those who take part must have been told alike; `lease` in seconds.

        Raises:
            BatchBusy: others are at work who were told something else.
        """
        self._engine, self._lease = engine, lease
        self.me = f"{socket.gethostname()}-{secrets.token_hex(6)}"
        self.first = False
        """Whether nobody else was at work."""
        self._empty_until = self._news_from = self._heard = 0.0
        self._counted, self._pages = -_COUNT_SECONDS, 0
        self._known: set[str] = set()
        self._left = threading.Event()
        with engine.begin() as connection:
            make_tables(connection, _TABLES)
        while not self._join(outputs, digest):
            time.sleep(_PAUSE_SECONDS)
        self._thread = threading.Thread(target=self._renew, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join()
        # A database that is gone learns of the leaving when the lease runs out.
        with contextlib.suppress(DBAPIError), self._transaction() as connection:
            connection.execute(delete(_members).where(_members.c.id == self.me))
            _return_lent(connection)

    def _join(self, outputs: Sequence[str], digest: str) -> bool:
        """Takes part in the run that goes on, or begins one; False while an earlier one is ending."""
        with self._transaction() as connection:
            lock(connection, "join")
            _return_lent(connection)
            at_work = connection.scalar(select(func.count()).select_from(_members))
            known = connection.execute(select(_run)).one_or_none()
            if at_work and known is not None:
                if known.closed:
                    return False
                if known.digest != digest:
                    raise BatchBusy(
                        "others are at work on this folder with other inputs, formats or settings"
                    )
            else:
                self.first = True
                _begin(connection, outputs, digest)
            connection.execute(insert(_members).values(id=self.me, until=_NOW + self._lease))
        return True

    def _renew(self) -> None:
        while not self._left.wait(self._lease / _RENEWALS):
            try:
                with self._transaction() as connection:
                    put = postgresql.insert(_members).values(id=self.me, until=_NOW + self._lease)
                    news = {"until": put.excluded.until}
                    connection.execute(put.on_conflict_do_update(index_elements=["id"], set_=news))
                    _return_lent(connection)
            except DBAPIError as error:
                log.warning("the lease could not be renewed: %s", error)

    def take(self) -> Turn | None:
        if time.monotonic() < self._empty_until:
            return None
        free = (
            select(_turns.c.output, _turns.c.number)
            .where(_turns.c.state == "waiting")
            .order_by(_turns.c.rank, _turns.c.number)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("free")
        )
        lend = (
            update(_turns)
            .where(_turns.c.output == free.c.output, _turns.c.number == free.c.number)
            .values(state="lent", owner=self.me)
            .returning(_turns.c.output, _turns.c.number, _turns.c.facts)
        )
        with self._transaction() as connection:
            row = connection.execute(lend).one_or_none()
            if row is None:
                self._empty_until = time.monotonic() + _PAUSE_SECONDS
                return None
            facts = None if row.facts is None else Source.model_validate_json(row.facts)
            errors = _errors(connection, row.output) if facts is not None and row.number == 0 else ()
        return Turn(row.output, facts, row.number, errors)

    def hold(self, output: str, key: str) -> Hold:
        while True:
            with self._transaction() as connection:
                _drop_maker(connection, _makers.c.output == output, _makers.c.key != key)
                put = postgresql.insert(_makers).values(key=key, output=output, made=False)
                connection.execute(put.on_conflict_do_nothing())
                row = connection.execute(
                    select(_makers).where(_makers.c.key == key).with_for_update()
                ).one_or_none()
                if row is None:  # its maker has just failed
                    continue
                if row.made:
                    return Hold.MADE
                if row.output == output:
                    return Hold.MINE
                change = update(_turns).where(_turns.c.output == output, _turns.c.number == 0)
                connection.execute(change.values(state="twin", owner=None, key=key))
                return Hold.OTHER

    def open(self, output: str, facts: Source, numbers: Sequence[int]) -> None:
        told = facts.model_dump_json()
        with self._transaction() as connection:
            mine = (_turns.c.output == output, _turns.c.number == 0, *self._mine())
            rank = connection.scalar(select(_turns.c.rank).where(*mine).with_for_update())
            if rank is None:  # another has it by now
                return
            earlier = rank if rank < 0 else rank + _EARLIER
            state = "open" if numbers else "waiting"
            connection.execute(
                update(_turns).where(*mine).values(state=state, owner=None, facts=told, rank=earlier)
            )
            page = {"output": output, "state": "waiting", "rank": earlier, "facts": told}
            if numbers:
                connection.execute(insert(_turns), [page | {"number": number} for number in numbers])

    def page_read(self, output: str, number: int, error: StageError | None) -> None:
        said = None if error is None else error.model_dump_json()
        with self._transaction() as connection:
            # Of those who finish the last pages at once, one must see that they were the last.
            whole = (_turns.c.output == output, _turns.c.number == 0)
            connection.execute(select(_turns.c.state).where(*whole).with_for_update())
            page = (_turns.c.output == output, _turns.c.number == number, _turns.c.state != "done")
            connection.execute(update(_turns).where(*page).values(state="done", error=said, read=1))
            left = select(_turns.c.number).where(
                _turns.c.output == output, _turns.c.number > 0, _turns.c.state != "done"
            )
            if connection.scalar(left.limit(1)) is None:
                change = update(_turns).where(*whole, _turns.c.state == "open")
                connection.execute(change.values(state="waiting"))
        self._empty_until = 0.0

    def finish(self, output: str, result: FileResult, *, made: bool, read: int) -> bool:
        with self._transaction() as connection:
            if made:
                change = update(_makers).where(_makers.c.output == output).values(made=True)
                for key in connection.scalars(change.returning(_makers.c.key)):
                    _wake(connection, key)
            else:
                _drop_maker(connection, _makers.c.output == output)
            change = update(_turns).where(
                _turns.c.output == output, _turns.c.number == 0, _turns.c.state != "done"
            )
            values = {"state": "done", "owner": self.me, "result": result.model_dump_json(), "read": read}
            done = connection.execute(change.values(**values, finished_at=_NOW))
        self._empty_until = 0.0
        self._known.add(output)
        return done.rowcount > 0

    def held(self, output: str, number: int) -> bool:
        mine = select(_turns.c.state).where(
            _turns.c.output == output, _turns.c.number == number, *self._mine()
        )
        with self._transaction() as connection:
            return connection.scalar(mine) is not None

    def news(self) -> Iterator[tuple[str, FileResult]]:
        if time.monotonic() < self._heard + _PAUSE_SECONDS:
            return
        self._heard = time.monotonic()
        # A transaction that is slow to commit has an earlier time than those that were seen before it.
        since = _turns.c.finished_at >= self._news_from - _SLOW_SECONDS
        with self._transaction() as connection:
            rows = connection.execute(select(_turns.c.output, _turns.c.finished_at).where(since)).all()
        self._news_from = max((row.finished_at for row in rows), default=self._news_from)
        unknown = [row.output for row in rows if row.output not in self._known]
        for start in range(0, len(unknown), _BUNCH):
            bunch = (_turns.c.output.in_(unknown[start : start + _BUNCH]), _turns.c.number == 0)
            with self._transaction() as connection:
                found = connection.execute(select(_turns.c.output, _turns.c.result).where(*bunch)).all()
            for row in found:
                self._known.add(row.output)
                yield row.output, FileResult.model_validate_json(row.result)

    def done(self) -> bool:
        if time.monotonic() >= self._empty_until:  # the last look found something
            return False
        states = ("waiting", "lent", "open", "twin")
        left = select(_turns.c.output).where(_turns.c.state.in_(states)).limit(1)
        with self._transaction() as connection:
            over = connection.scalar(left) is None
        if over:  # the next news are all that is not known, however late it was written
            self._news_from = self._heard = 0.0
            self._counted = -_COUNT_SECONDS
        return over

    def pages_read(self) -> int:
        if time.monotonic() >= self._counted + _COUNT_SECONDS:
            with self._transaction() as connection:
                self._pages = int(connection.scalar(select(func.coalesce(func.sum(_turns.c.read), 0))) or 0)
            self._counted = time.monotonic()
        return self._pages

    def close(self, write: Callable[[], None]) -> None:
        while True:
            with self._transaction() as connection:
                row = connection.execute(select(_run).with_for_update()).one()
                if row.closed:
                    return
                there = connection.scalar(select(_members.c.id).where(_members.c.id == row.closer))
                mine = there is None
                if mine:
                    connection.execute(update(_run).values(closer=self.me))
            if mine:
                write()
                with self._transaction() as connection:
                    connection.execute(update(_run).values(closed=True))
                return
            time.sleep(_PAUSE_SECONDS)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        # What is lost with the power of the database is done once more, and all who take part lose it with their
        # connections. What was read is the manifest's affair, and on disk.
        with self._engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
            yield connection

    def _mine(self) -> tuple[Any, ...]:
        return _turns.c.owner == self.me, _turns.c.state == "lent"


def _begin(connection: Connection, outputs: Sequence[str], digest: str) -> None:
    for table in (_run, _turns, _makers):
        connection.execute(delete(table))
    connection.execute(insert(_run).values(id=1, digest=digest, closed=False))
    rows = [{"output": name, "number": 0, "state": "waiting", "rank": k} for k, name in enumerate(outputs)]
    connection.execute(insert(_turns), rows)


def _return_lent(connection: Connection) -> None:
    """Lets those go whose lease has run out, and returns to the queue what nobody has any more."""
    lock(connection, "return")  # two that return the same at once could wait for each other
    connection.execute(delete(_members).where(_members.c.until < _NOW))
    gone = _turns.c.owner.not_in(select(_members.c.id))
    returned = update(_turns).where(_turns.c.state == "lent", gone).values(state="waiting", owner=None)
    connection.execute(returned)


def _errors(connection: Connection, output: str) -> tuple[StageError, ...]:
    """What went wrong with the pages of a file, in order."""
    found = select(_turns.c.error).where(_turns.c.output == output, _turns.c.error.is_not(None))
    return tuple(map(StageError.model_validate_json, connection.scalars(found.order_by(_turns.c.number))))


def _drop_maker(connection: Connection, *which: Any) -> None:
    """Lets others make the documents that these files were to make."""
    unmade = delete(_makers).where(*which, _makers.c.made.is_(False))
    for key in connection.scalars(unmade.returning(_makers.c.key)):
        _wake(connection, key)


def _wake(connection: Connection, key: str) -> None:
    twins = update(_turns).where(_turns.c.key == key, _turns.c.state == "twin")
    connection.execute(twins.values(state="waiting"))


def digest_of(told: object) -> str:
    """A short text that is equal for equal values (of JSON)."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
