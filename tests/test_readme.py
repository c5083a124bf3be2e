"""What the documents tell a newcomer to do can be done."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from shenbao.cli.parser import make_parser
from shenbao.models.document import Field, Indicator, Record

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
PAGES = [*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "samples/README.md", "bench/README.md"]
PAGES += [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").glob("*.md"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.DOTALL | re.MULTILINE)


def commands(page: str) -> list[list[str]]:
    """The commands of a README's blocks, those joined by && apart."""
    lines = [line for block in blocks(page, "bash") for line in block.splitlines() if line]
    return [shlex.split(part) for line in lines for part in line.split(" && ")]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    here = (ROOT / page).parent
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if not target.startswith(("https://", "#")):
            assert (here / unquote(target.split("#")[0])).exists(), target


@pytest.mark.parametrize("page", READMES)
def test_shenbao_commands_are_valid(page: str) -> None:
    found = [words[1:] for words in commands(page) if Path(words[0]).name == "shenbao"]
    assert {words[0] for words in found} == {"read", "batch", "show", "serve"}
    for words in found:
        make_parser().parse_args(words)
        assert words[0] == "serve" or (ROOT / words[1]).exists()


@pytest.mark.parametrize("page", READMES)
def test_set_up_takes_one_line_each(page: str) -> None:
    lines = [line.split(" && ") for block in blocks(page, "bash") for line in block.splitlines()]
    read, test = (parts for parts in lines if parts[0] == "python3 -m venv .venv")
    assert read[1].startswith(".venv/bin/pip install ")
    assert read[2].startswith(".venv/bin/shenbao read samples/")
    assert test[1:] == [
        ".venv/bin/pip install -e '.[onnx,dev,service,postgres,pdf,office,remote,ray,browser]'",
        ".venv/bin/pytest",
    ]
    assert test[1].split("install ")[1] in text_of(".ci/run")


def test_named_extras_exist() -> None:
    for page in (*READMES, "CONTRIBUTING.md", ".ci/run"):
        for extras in re.findall(r"-e '\.\[(.*?)\]'", text_of(page)):
            assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"]), page


def test_both_readmes_show_the_same() -> None:
    english, chinese = READMES
    for language in ("bash", "python", "json"):
        assert blocks(english, language) == blocks(chinese, language) != []
    assert set(re.findall(r"\]\(([^)]+)\)", text_of(english))) - {chinese} == set(
        re.findall(r"\]\(([^)]+)\)", text_of(chinese))
    ) - {english}


@pytest.mark.parametrize("page", READMES)
def test_every_dependency_has_its_reason(page: str) -> None:
    table = re.search(r"^\| [^\n]* \|\n\|---\|---\|\n((?:\| [^\n]* \|\n)+)", text_of(page), re.MULTILINE)
    assert table
    rows = set(re.findall(r"^\| ([\w-]+) \| ", table[1], re.MULTILINE))
    assert rows == {re.split(r"[>=<]", d)[0] for d in PROJECT["dependencies"]}
    for extra in PROJECT["optional-dependencies"]:
        assert f"`{extra}`" in text_of(page)


def test_the_shown_record_has_the_contracts_names() -> None:
    record = json.loads(blocks("README.md", "json")[0])
    assert record.keys() <= Record.model_fields.keys()
    for field in record["fields"].values():
        assert Field.model_validate(field).cells
    for indicator in record["indicators"]:
        assert indicator.keys() <= Indicator.model_fields.keys()
        for part in indicator.values():
            assert part.keys() <= Field.model_fields.keys()


@pytest.mark.e2e
def test_the_shown_program_runs() -> None:
    program = blocks("README.md", "python")[0]
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "004-02-scan.jpg project_declaration 104.08" in done.stdout
    assert "县直人民调解员人数 ≥ 8 人" in done.stdout
