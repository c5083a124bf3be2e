"""The client against a real service; and the examples of docs/client.md do what they say."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from server import Server
from service_uploads import picture

from shenbao.client import AsyncClient, Client, Conflict, NotFound, Patience, ReadingFailed

PAGE = Path(__file__).parents[2] / "docs/client.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "data", f"sqlite:///{tmp_path / 'test.db'}")
    running.start()
    yield running
    running.kill()


def test_the_way_of_a_document(server: Server) -> None:
    with Client(server.url) as client:
        document = client.read(("form.png", picture()))
        assert document.records[0].fields["budget_fiscal"].value == "100.08"
        [facts] = client.documents()
        assert (facts.name, facts.state) == ("form.png", "complete")
        leased = client.next_items(count=50, kind="money")
        decision = client.correct(leased.items[0].id, "104.09", seconds=2)
        assert client.document(facts.id).records[0].fields["budget_total"].value == "104.09"
        assert client.document(facts.id, machine=True).tables[0].cells[3].text == "104.08"
        with pytest.raises(Conflict) as caught:
            client.correct(leased.items[0].id, "1")
        assert (caught.value.code, bool(caught.value.request_id)) == ("conflict", True)
        assert client.undo(decision.id).mine
        client.accept(leased.items[0].id)
        assert [d.action for d in client.decisions(mine=True)] == ["accept", "correct"]
        rest = [item.id for item in client.items(document=facts.id, state="open")]
        assert all(one.decision for one in client.accept_many(rest))
        assert client.facts(facts.id).open_items == 0
        assert "reviewed" in client.confirm(facts.id).tables[0].cells[0].flags
        assert client.truth(1).startswith(b"PK")
        assert client.records(facts.id)[0].family == "project_declaration"
        assert client.tables(facts.id)[0].n_rows == 3
        assert client.page_picture(facts.id, client.pages(facts.id)[0].number).startswith(b"\x89PNG")
        assert client.crop(leased.items[0].id).startswith(b"\x89PNG")
        assert client.original(facts.id) == picture()
        assert client.export(facts.id, "csv").startswith(b"\xef\xbb\xbf")
        assert client.export_project(1, "jsonl", reviewed=True).count(b"\n") == 1
        client.remove(facts.id)
        with pytest.raises(NotFound):
            client.facts(facts.id)


def test_what_cannot_be_read_says_why(server: Server) -> None:
    with Client(server.url) as client:
        with pytest.raises(ReadingFailed) as caught:
            client.read(("bad.png", picture("BAD")))
        assert (caught.value.code, bool(caught.value.advice)) == ("unreadable", True)
        [slow] = client.upload(("slow.png", picture("SLOW 3")))
        assert slow.job is not None
        with pytest.raises(TimeoutError):
            client.wait(slow.job, seconds=0.3)


def test_progress_goes_on_over_a_restart(server: Server) -> None:
    async def follow() -> list[str]:
        async with AsyncClient(server.url, patience=Patience(tries=60, longest=0.5)) as client:
            [slow] = await client.upload(("slow.png", picture("SLOW 3")))
            assert slow.job is not None
            states = []
            async for job in client.progress(slow.job):
                states.append(job.state)
                if len(states) == 1:
                    await asyncio.to_thread(server.kill)
                    await asyncio.to_thread(server.start)
            return states

    assert asyncio.run(follow())[-1] == "done"


@pytest.mark.parametrize("example", EXAMPLES[:2])
def test_the_examples_run(server: Server, tmp_path: Path, example: str) -> None:
    (tmp_path / "form.png").write_bytes(picture())
    program = example.replace("http://127.0.0.1:8765", server.url)
    assert program != example
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    if "AsyncClient" in example:
        assert "form.png done 1/1" in done.stdout
        assert "form.png complete 1 tables" in done.stdout
    else:
        assert "budget_fiscal 100.08" in done.stdout
        assert "open: 0" in done.stdout
        assert (tmp_path / "form.xlsx").read_bytes().startswith(b"PK")
