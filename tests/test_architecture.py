"""docs/architecture.md names what exists, and folders use only the folders that it allows them."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/architecture.md").read_text("utf-8")
STAGES = re.findall(r"^\| [a-z]+ \| (.+) in `([\w/]+\.py)` \| (.+) → (.+) \|$", PAGE, re.MULTILINE)
ALLOWED = {
    "models": {"models"},
    "layout": {"layout", "models"},
    "ocr": {"ocr", "models", "layout.free_lines", "layout.lines", "layout.order", "settings", "errors"},
    "mapping": {"mapping", "models", "errors"},
}


def defined(path: Path) -> set[str]:
    """Functions and classes of a file, methods as Class.method."""
    names = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
            names |= {f"{node.name}.{m.name}" for m in node.body if isinstance(m, ast.FunctionDef)}
    return names


def imported(path: Path) -> set[str]:
    """What a file imports from shenbao, without the leading name."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("shenbao."):
            modules.add(node.module.removeprefix("shenbao."))
    return modules


@pytest.mark.parametrize(("functions", "file"), [(names, file) for names, file, _, _ in STAGES])
def test_stages_are_where_the_page_says(functions: str, file: str) -> None:
    for name in re.findall(r"`([\w.]+)`", functions):
        assert name in defined(ROOT / file), name


def test_types_of_the_stages_exist() -> None:
    types = defined(ROOT / "models/stages.py") | defined(ROOT / "models/document.py")
    types |= defined(ROOT / "layout/straighten.py") | {"Turn"}
    named = {
        name.removeprefix("document.").removesuffix("`")
        for _, _, before, after in STAGES
        for name in re.findall(r"`([\w.]+)`", before + after)
    }
    assert len(STAGES) == 15
    assert named <= types


def test_all_files_named_exist() -> None:
    for file in re.findall(r"`([\w/]+\.py)`", PAGE):
        assert (ROOT / file).is_file() or (ROOT / "models" / file).is_file(), file


@pytest.mark.parametrize("folder", ALLOWED)
def test_folders_use_only_what_they_may(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        for module in imported(path):
            parts = module.split(".")
            assert {parts[0], ".".join(parts[:2])} & ALLOWED[folder], f"{path.name} imports {module}"
