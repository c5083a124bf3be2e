"""python -m bench.review [--database URL]: how fast the review queue hands out items, and many uploads at once.

A real server with a full queue is asked by several people at a time; a time is what the client sees, from
request to whole answer. On a machine that has other work these times tell of that work too; `cpu` is the
processor time that the service itself spends on handing out one item and taking its decision (the database server's
is not in it). The database is filled directly; of PostgreSQL an empty one is needed.
"""

import argparse
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
from PIL import Image
from sqlalchemy import insert, text

from bench.record import markdown, plain_command, record, section
from shenbao.store import accounts
from shenbao.store.database import Database, sqlite_url
from shenbao.store.models import Document, Item, Member, Page, Project

ITEMS_OF_A_DOCUMENT = 100
KINDS = ("money", "number", "words", "unit")
QUIET = "[service]\nrequests_per_minute = 100000000\n"


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = args.database or sqlite_url(folder)
        tokens = fill(database, args.items, args.people)
        rows = []
        with serving(folder, database) as (url, process):
            for people, pause in ((1, 0.0), (args.people, args.pause), (args.people, 0.0)):
                before = processor_ms(process)
                items, decisions = asked(url, tokens[:people], args.asks, pause)
                spent = round((processor_ms(process) - before) / len(items), 1)
                who = "one person" if people == 1 else f"{people} people"
                who += f", {pause:g} s an item" if pause else ", no pause"
                rows.append((f"next item, {who}", *percentiles(items), spent))
                rows.append((f"its decision, {who}", *percentiles(decisions), "(both)"))
            codes, seconds = uploaded(url, tokens[0], args.uploads)
    table = markdown(("milliseconds", "requests", "median", "p95", "p99", "most", "cpu"), rows)
    kind = "PostgreSQL" if args.database else "SQLite"
    words = ", ".join(f"{number} x {code}" for code, number in sorted(codes.items()))
    text = (
        f"{args.items} items, {kind}; after each item its decision is sent.\n\n{table}\n\n"
        f"{args.uploads} uploads at once: {words}, all answered after {seconds:.2f} s."
    )
    print(text)
    if args.record:
        command = plain_command("bench.review", _shown(argv if argv is not None else sys.argv[1:]))
        record(section(command, text))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.review", description=__doc__)
    parser.add_argument("--database", help="URL of an empty PostgreSQL database (default: SQLite)")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds that a person looks at an item")
    parser.add_argument("--asks", type=int, default=400, help="requests for items, of all people together")
    parser.add_argument("--uploads", type=int, default=50)
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    return parser


def _shown(argv: Sequence[str]) -> list[str]:
    return [
        "--database=postgresql" if "postgresql" in part else part for part in argv if part != "--database"
    ]


def fill(url: str, items: int, people: int) -> list[str]:
    """A queue of items in documents of 100; tokens of the people who may work on it."""
    database = Database(url)
    with database.write() as transaction:
        project = Project(name="bench", accept=0.98, double=[])
        transaction.add(project)
        transaction.flush()
        tokens = []
        for number in range(people):
            user = accounts.add_user(transaction, f"person {number}", "reviewer", "x" * 12, None)
            transaction.add(Member(project_id=project.id, user_id=user.id))
            tokens.append(accounts.add_token(transaction, user, "bench")[1])
        for start in range(0, items, ITEMS_OF_A_DOCUMENT):
            document = Document(
                project_id=project.id,
                sha256=f"{start:064x}",
                name=f"{start}.png",
                kind="image/png",
                size=1,
                state="complete",
                errors=[],
                uploaded_by=user.id,
            )
            transaction.add(document)
            transaction.flush()
            transaction.add(Page(document_id=document.id, number=1, picture="0" * 64))
            rows = [_item(project.id, document.id, start + n) for n in range(ITEMS_OF_A_DOCUMENT)]
            transaction.execute(insert(Item), rows)
    with database.write() as transaction:
        # What a server does by itself within a minute; a queue does not fill within one.
        transaction.execute(text("ANALYZE"))
    database.close()
    return tokens


def _item(project: int, document: int, number: int) -> dict[str, object]:
    polygon = [[10, 10], [90, 10], [90, 40], [10, 40]]
    text = str(number * 7919 % 5000)
    body = {
        "reasons": ["可信度 0.900 低于接受线 0.980"],
        "candidates": [{"text": text, "probability": 0.9}],
        "regions": [{"page": 1, "polygon": polygon}],
        "doubtful": [0],
        "facts": [],
    }
    return {
        "project_id": project,
        "document_id": document,
        "place": f"t1/{number % ITEMS_OF_A_DOCUMENT}/0",
        "origin": "doubt",
        "state": "open",
        "kind": KINDS[number % len(KINDS)],
        "label": "预算数",
        "page": 1,
        "read": text,
        "shown": text,
        "confidence": 0.9,
        "body": body,
        "rank": number * 7919 % 3999,
        "postponed": 0,
        "needed": 1,
    }


@contextmanager
def serving(folder: Path, database: str) -> Iterator[tuple[str, int]]:
    """The address of a service without reading processes, and the number of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = folder / "settings.toml"
    settings.write_text(QUIET, "utf-8")
    command = [sys.executable, "-m", "shenbao", "serve", "--data", str(folder), "--database", database]
    command += ["--port", str(port), "--workers", "0", "--settings", str(settings)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process, folder / "log")
            yield url, process.pid
        finally:
            process.terminate()
            process.wait(30)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            httpx.get(f"{url}/ready").raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text("utf-8", "replace"))


def processor_ms(process: int) -> float:
    """Processor time that a process has spent so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def asked(url: str, tokens: Sequence[str], asks: int, pause: float) -> tuple[list[float], list[float]]:
    """Milliseconds of each request for an item, and of each decision on it, by several people at a time,
    who look at an item for `pause` seconds."""

    def work(token: str) -> list[tuple[float, float]]:
        times = []
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
            for _ in range(asks // len(tokens)):
                started = time.perf_counter()
                answer = client.post("/v1/queue/next", json={})
                got = time.perf_counter()
                item = answer.raise_for_status().json()["items"][0]["id"]
                time.sleep(pause)
                begun = time.perf_counter()
                client.post(f"/v1/items/{item}/decision", json={"action": "accept"}).raise_for_status()
                times.append(((got - started) * 1000, (time.perf_counter() - begun) * 1000))
        return times

    with ThreadPoolExecutor(len(tokens)) as people:
        pairs = [pair for times in people.map(work, tokens) for pair in times]
    return [first for first, _ in pairs], [second for _, second in pairs]


def uploaded(url: str, token: str, number: int) -> tuple[Counter[int], float]:
    """Status codes of so many uploads at once, and the seconds until all are answered."""
    contents = [_picture(n) for n in range(number)]

    def send(data: bytes) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        files = {"files": ("a.png", data)}
        return httpx.post(f"{url}/v1/documents", files=files, headers=headers, timeout=120).status_code

    started = time.perf_counter()
    with ThreadPoolExecutor(number) as senders:
        codes = Counter(senders.map(send, contents))
    return codes, time.perf_counter() - started


def _picture(number: int) -> bytes:
    """A PNG of about 1 MB."""
    stream = io.BytesIO()
    noise = np.random.default_rng(number).integers(0, 256, (1000, 1000), np.uint8)
    Image.fromarray(noise).save(stream, "PNG")
    return stream.getvalue()


def percentiles(times: Sequence[float]) -> tuple[object, ...]:
    ordered = sorted(times)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.95, 0.99)]
    return len(times), *(round(ms, 1) for ms in (statistics.median(times), *at, ordered[-1]))


if __name__ == "__main__":
    sys.exit(main())
