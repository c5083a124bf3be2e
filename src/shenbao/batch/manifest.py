"""What a batch has done so far, in a database: DIR/.shenbao/manifest.sqlite, or PostgreSQL for many machines.

Documents, and the pages of those that are not finished, are kept by a key of the file's content and all that
decides what is made of it. So a file that was renamed, or lies there twice, is read once; and another format
of a known document is written without reading anything.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from shenbao.batch.databases import lock
from shenbao.batch.folder import OutputFolder
from shenbao.batch.summary import FileResult
from shenbao.settings import Settings

TABLES = MetaData()
_documents = Table(
    "documents", TABLES, Column("key", Text, primary_key=True), Column("body", LargeBinary, nullable=False)
)
_pages = Table(
    "pages",
    TABLES,
    Column("key", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
_files = Table(
    "files",
    TABLES,
    Column("output", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("result", Text, nullable=False),
)
_outputs = Table(
    "outputs",
    TABLES,
    Column("path", Text, primary_key=True),
    Column("output", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("sha256", Text, nullable=False),
)
Index("outputs_of", _outputs.c.output)
_BUNCH = 500


def recipe_of(settings: Settings, version: str) -> str:
    """A digest of all that decides what a file's output is, apart from its bytes."""
    # The number of threads changes the speed alone.
    plain = settings.model_dump_json(exclude={"engine": {"threads"}, "service": True})
    digest = hashlib.sha256(f"{version}\n{plain}".encode())
    for path in settings.mapping.files:
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


class Manifest:
    """What is known of the files of one output folder. Use it with `with`.

    What is added is on disk when the call returns, and survives the end of the process and of the power.
    """

    def __init__(self, engine: Engine, out: OutputFolder, recipe: str) -> None:
        """`engine`: see `shenbao.batch.databases`; the tables are made where there are none."""
        self.engine, self._out, self._recipe = engine, out, recipe
        with engine.begin() as connection:
            make_tables(connection, TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.dispose()

    def key(self, sha256: str) -> str:
        """The key of a file's content under this run's settings."""
        return hashlib.sha256(f"{sha256}\n{self._recipe}".encode()).hexdigest()

    def document(self, key: str) -> bytes | None:
        """The packed document, if it has been read."""
        with self.engine.begin() as connection:
            return connection.scalar(select(_documents.c.body).where(_documents.c.key == key))

    def up_to_date(self, output: str, paths: list[str], key: str) -> FileResult | None:
        """The result of an input whose outputs are all there, as they were written, for this key."""
        with self.engine.begin() as connection:
            result = connection.scalar(
                select(_files.c.result)
                .join(_documents, _documents.c.key == _files.c.key)
                .where(_files.c.output == output, _files.c.key == key)
            )
            rows = connection.execute(
                select(_outputs.c.path, _outputs.c.sha256).where(
                    _outputs.c.output == output, _outputs.c.key == key
                )
            )
            written = {row.path: row.sha256 for row in rows}
        if result is None:
            return None
        if any(path not in written or self._out.digest(path) != written[path] for path in paths):
            return None
        return FileResult.model_validate_json(result)

    def add(
        self, output: str, sha256: str, body: bytes | None, result: FileResult, digests: dict[str, str]
    ) -> None:
        """Notes an input that is done; `body` is its packed document, None to have it read again next time."""
        key = self.key(sha256)
        rows = [
            {"path": path, "output": output, "key": key, "sha256": digest} for path, digest in digests.items()
        ]
        with self.engine.begin() as connection:
            if body is not None:
                put(connection, _documents, [{"key": key, "body": body}])
            put(connection, _files, [{"output": output, "key": key, "result": result.model_dump_json()}])
            put(connection, _outputs, rows)
            connection.execute(delete(_pages).where(_pages.c.key == key))

    def fail(self, output: str, key: str, result: FileResult) -> None:
        """Notes an input that gave nothing, and removes what an earlier run had made of it."""
        with self.engine.begin() as connection:
            paths = connection.scalars(select(_outputs.c.path).where(_outputs.c.output == output)).all()
        for path in paths:
            self._out.remove(path)
        with self.engine.begin() as connection:
            connection.execute(delete(_outputs).where(_outputs.c.output == output))
            put(connection, _files, [{"output": output, "key": key, "result": result.model_dump_json()}])

    def add_page(self, key: str, number: int, body: bytes) -> None:
        """Notes a page of a document that is not finished."""
        with self.engine.begin() as connection:
            put(connection, _pages, [{"key": key, "number": number, "body": body}])

    def page_numbers(self, key: str) -> set[int]:
        """Which pages of a document that is not finished are known."""
        with self.engine.begin() as connection:
            return set(connection.scalars(select(_pages.c.number).where(_pages.c.key == key)))

    def pages(self, key: str) -> tuple[bytes, ...]:
        """The packed pages of a document that is not finished, in order."""
        with self.engine.begin() as connection:
            found = select(_pages.c.body).where(_pages.c.key == key).order_by(_pages.c.number)
            return tuple(connection.scalars(found))

    def forget(self, key: str) -> None:
        """Lets a document be read again from its first page."""
        with self.engine.begin() as connection:
            for table in (_documents, _pages):
                connection.execute(delete(table).where(table.c.key == key))

    def done(self, outputs: list[str]) -> Iterator[tuple[str, str]]:
        """File name and key of each input that gave a document, in the order asked for."""
        found = select(_files.c.output, _files.c.result, _files.c.key).join(
            _documents, _documents.c.key == _files.c.key
        )
        for start in range(0, len(outputs), _BUNCH):
            bunch = outputs[start : start + _BUNCH]
            with self.engine.begin() as connection:
                rows = connection.execute(found.where(_files.c.output.in_(bunch)))
                known = {row.output: (row.result, row.key) for row in rows}
            for output in bunch:
                if output in known:
                    result, key = known[output]
                    yield Path(FileResult.model_validate_json(result).input).name, key


def make_tables(connection: Connection, tables: MetaData) -> None:
    """Makes the tables that are not there."""
    if connection.dialect.name == "postgresql":
        lock(connection, "tables")  # two that come at once would both make them
    known = inspect(connection).get_table_names()
    tables.create_all(connection, [t for t in tables.sorted_tables if t.name not in known], checkfirst=False)


def put(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Adds rows, or writes them over those with the same primary key."""
    rows = list(rows)
    if not rows:
        return
    # The two dialects say it in the same words, but have no type in common.
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    news = {c.name: statement.excluded[c.name] for c in table.c if not c.primary_key}
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=news), rows
    )
