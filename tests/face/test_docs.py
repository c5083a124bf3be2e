import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from shenbao.cli.parser import make_parser
from shenbao.errors import ShenbaoError
from shenbao.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
CLI = (DOCS / "cli.md").read_text("utf-8")
SETTINGS = (DOCS / "settings.md").read_text("utf-8")


def parsers(parser: argparse.ArgumentParser, path: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield f"{path} {name}", child
                yield from parsers(child, f"{path} {name}")


def setting_names(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, object]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from setting_names(kind, f"{path}{name}.")
        else:
            yield f"{path}{name}", field.default


COMMANDS = dict(parsers(make_parser(), "shenbao"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command: str) -> None:
    parser = COMMANDS[command]
    assert f"`{command}" in CLI
    top = " ".join(command.split()[:2])
    section = re.split(r"^## ", CLI[CLI.index(f"## `{top}") + 3 :], maxsplit=1, flags=re.MULTILINE)[0]
    for action in parser._actions:
        assert action.help, f"{command} {action.dest} has no help"
        for option in action.option_strings:
            assert option in section or option in ("-h", "--help", "--debug"), option
        for choice in action.choices or () if not isinstance(action, argparse._SubParsersAction) else ():
            assert str(choice) in CLI
    if parser.epilog is None:
        assert command.startswith("shenbao vocab ")
    else:
        assert top in parser.epilog


def test_every_error_and_its_exit_code_is_documented() -> None:
    rows = dict(re.findall(r"^\| (\d+) \| `(\w+)` \|", CLI, re.MULTILINE))
    errors = {ShenbaoError, *ShenbaoError.__subclasses__()}
    assert rows == {str(error.exit_code): error.code for error in errors}
    assert len({error.exit_code for error in errors}) == len(errors)
    assert all(error.advice.endswith(".") for error in errors)
    helped = make_parser().epilog or ""
    assert all(re.search(rf"\b{error.exit_code} ", helped) for error in errors)


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| (.+?) \|", SETTINGS, re.MULTILINE))
    expected = {}
    for name, default in setting_names(Settings):
        shown = f'"{default}"' if isinstance(default, str | Path) else str(default)
        expected[name] = "none" if default is None else f"`{shown}`"
    assert rows == expected


def test_the_documented_example_is_valid(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", SETTINGS, re.DOTALL)
    assert example
    path = tmp_path / "settings.toml"
    path.write_text(example.group(1), "utf-8")
    assert Settings.from_file(path).limits.pages == 300
