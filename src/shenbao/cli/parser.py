"""The commands and their options."""

import argparse
from pathlib import Path

from shenbao.urls import path_or_url

_EXAMPLES = """examples:
  shenbao read form.pdf -o form.json        one document as JSON
  shenbao read form.jpg --format xlsx -o form.xlsx
  shenbao batch scans/ --out results        every scan below a folder
  shenbao show form.pdf -o form.html        look at what was read, and how sure it is
  shenbao check                             is this installation in order?

exit codes: 0 all done; 2 bad usage; 3 unreadable; 4 unsupported kind; 5 encrypted; 6 too large;
7 model files; 8 engine missing; 9 some of it failed; 10 cannot write; 11 nothing could be read;
12 no such file; 13 reading crashed; 14 DIR is busy; 130 interrupted; 141 reader of the output went away; 1 anything else
"""


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        import shenbao

        print(f"shenbao {shenbao.__version__}")
        parser.exit()


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; `command` in its result names the module that runs."""
    parser = argparse.ArgumentParser(
        prog="shenbao",
        description="Turns scanned Chinese government forms into records in which every field carries "
        "the probability that it is right.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and stop")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", help="one of:")
    _read(commands)
    _batch(commands)
    _show(commands)
    _schema(commands)
    _check(commands)
    _vocab(commands)
    _evaluate(commands)
    _calibrate(commands)
    _serve(commands)
    _user(commands)
    _truth(commands)
    return parser


_Commands = argparse._SubParsersAction


def _add(
    commands: "_Commands[argparse.ArgumentParser]", name: str, words: str, example: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=words,
        description=words[0].upper() + words[1:] + ".",
        epilog=f"example:\n{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--debug", action="store_true", help="on an error show the whole traceback")
    return parser


def _reading_options(parser: argparse.ArgumentParser, *executors: str) -> None:
    parser.add_argument("--password", help="opens an encrypted PDF")
    parser.add_argument(
        "--accuracy",
        type=_share,
        metavar="SHARE",
        help="accept only so much that this share of accepted cells is right, for example 0.999",
    )
    _engine_options(parser, *executors)


def _engine_options(parser: argparse.ArgumentParser, *executors: str) -> None:
    parser.add_argument(
        "--settings", type=Path, metavar="TOML", help="a file of settings; see docs/settings.md"
    )
    parser.add_argument(
        "--engine",
        choices=("openvino", "onnxruntime", "paddle", *executors),
        help="which engine reads (default openvino)"
        + "".join(f"; {name}: --executor {name}" for name in executors),
    )


def _read(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands,
        "read",
        "read one file and write what it says",
        "  shenbao read form.pdf                     JSON on stdout\n"
        "  shenbao read form.pdf -o form.xlsx        a workbook; the ending tells the format\n"
        "  shenbao read book.pdf --pages 3-5,8 --format md",
    )
    parser.add_argument(
        "file", type=path_or_url, metavar="FILE", help="a picture, PDF, DOCX or XLSX; a path or a URL"
    )
    parser.add_argument(
        "--format",
        choices=("json", "xlsx", "csv", "md", "html", "parquet", "alto", "pdf"),
        help="what to write (default: by the ending of OUT, else json)",
    )
    parser.add_argument(
        "-o", "--output", type=path_or_url, metavar="OUT", help="where to write (default: stdout)"
    )
    parser.add_argument(
        "--pages",
        metavar="LIST",
        help="give only what stands on these pages, for example 1-3,5; all are read",
    )
    _reading_options(parser)


def _batch(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands,
        "batch",
        "read many files into a folder; run it again to go on where it stopped",
        "  shenbao batch scans/ more/form.pdf --out results --workers 2",
    )
    parser.add_argument(
        "inputs",
        type=path_or_url,
        nargs="+",
        metavar="IN",
        help="files, and folders that are searched to the bottom",
    )
    parser.add_argument(
        "--out",
        type=path_or_url,
        required=True,
        metavar="DIR",
        help="gets the outputs, summary.json and the report summary.html",
    )
    parser.add_argument(
        "--formats",
        default="json",
        metavar="LIST",
        help="of each file json,xlsx,csv,md,html,alto,pdf; of all together jsonl,parquet,indicators (default json)",
    )
    parser.add_argument(
        "--workers",
        type=_count,
        default=0,
        metavar="N",
        help="processes (default: one a processor, at most 8)",
    )
    parser.add_argument(
        "--time-limit",
        type=_seconds,
        default=300.0,
        metavar="SECONDS",
        help="give a page up after so long (default 300)",
    )
    parser.add_argument(
        "--memory-limit",
        type=_count,
        default=4000,
        metavar="MB",
        help="give a page up when its process holds more (default 4000; 0: never)",
    )
    parser.add_argument("--json", action="store_true", help="tell the progress as lines of JSON on stdout")
    parser.add_argument("--again", action="store_true", help="read also what earlier runs have read")
    _sharing_options(parser)
    _reading_options(parser, "ray")


def _sharing_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--manifest",
        metavar="URL",
        help="postgresql://USER@HOST/DATABASE: batches on many machines, told the same, work on DIR together",
    )
    parser.add_argument(
        "--lease",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="with --manifest: what a batch that no longer answers had in hand is another's after so long (60)",
    )
    parser.add_argument(
        "--executor",
        choices=("local", "ray"),
        default="local",
        help="who reads: processes of this machine, or actors on the nodes of a Ray cluster (default local)",
    )
    parser.add_argument(
        "--address",
        metavar="HOST:PORT",
        help="with --executor ray: the cluster (default: one of this machine)",
    )


def _show(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands,
        "show",
        "draw what was read over the page",
        "  shenbao show form.pdf -o form.html             all pages, to look into\n"
        "  shenbao show form.pdf -o page2.png --page 2    one page\n"
        "  shenbao show form.jpg -o grid.png --stage grid one step of the way",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="JPEG, PNG, TIFF, WebP, BMP or PDF")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="ends in .png (one page) or .html"
    )
    parser.add_argument(
        "--page", type=_count, metavar="N", help="which page, from 1 (default: PNG the first, HTML all)"
    )
    parser.add_argument(
        "--stage",
        choices=("page", "flat", "rulings", "grid", "restored", "cells", "texts", "joins", "marks"),
        help="draw this step of the reading, as PNG",
    )
    _reading_options(parser)


def _schema(commands: "_Commands[argparse.ArgumentParser]") -> None:
    _add(commands, "schema", "print the JSON Schema of a document", "  shenbao schema > document.schema.json")


def _check(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands,
        "check",
        "look whether this installation is in order",
        "  shenbao check\n  shenbao check --engine onnxruntime",
    )
    _engine_options(parser)


def _vocab(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands,
        "vocab",
        "look into the vocabulary of the forms, and add to it in a file of your own",
        "  shenbao vocab list units\n  shenbao vocab search 受益群众\n"
        "  shenbao vocab add level2 数量指标 --form 产量指标 --source 某县2025年表 --own own.json",
    )
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="list|search|add|aliases|export", help="what to do"
    )
    listing = _vocab_action(actions, "list", "print the entries of one group, or of all")
    listing.add_argument(
        "group",
        nargs="?",
        metavar="GROUP",
        help="level1, level2, level3, labels, columns, units, words or codes",
    )
    searching = _vocab_action(actions, "search", "print the entries nearest to a text")
    searching.add_argument("text", metavar="TEXT", help="a word, as printed or nearly")
    searching.add_argument("--limit", type=_count, default=10, metavar="N", help="how many (default 10)")
    _vocab_add(_vocab_action(actions, "add", "write a name, or another form of one, into your own file"))
    aliases = _vocab_action(actions, "aliases", "print all forms of a name, and where each comes from")
    aliases.add_argument("name", metavar="NAME", help="the name, or any of its forms")
    exporting = _vocab_action(actions, "export", "write all entries with all forms as JSON")
    exporting.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="where to write (default: stdout)"
    )


def _vocab_action(
    actions: "_Commands[argparse.ArgumentParser]", name: str, words: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=words, allow_abbrev=False)
    parser.add_argument("--own", type=Path, metavar="FILE", help="your own additions, beside the package's")
    return parser


def _vocab_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "group",
        choices=("level1", "level2", "level3", "labels", "columns", "units"),
        help="what the name is",
    )
    parser.add_argument(
        "name", metavar="NAME", help="the vocabulary's name; of a label its key, of a column its part"
    )
    parser.add_argument(
        "--form", metavar="TEXT", help="another form it is printed in; without it the name itself is new"
    )
    parser.add_argument("--below", default="", metavar="LEVEL2", help="the second level of a third one")
    parser.add_argument(
        "--kind", choices=("rate", "money", "time", "count", "price"), help="what a new unit measures"
    )
    parser.add_argument("--source", required=True, metavar="TEXT", help="where it was seen")
    parser.add_argument("--by", default="", metavar="WHO", help="who confirmed it")


def _evaluate(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands,
        "evaluate",
        "score read documents against their truth",
        "  shenbao batch scans/ --out results\n  shenbao evaluate scans/ results --report report",
    )
    parser.add_argument("truth", type=Path, metavar="TRUTH", help="folder of *.truth.json")
    parser.add_argument("outputs", type=Path, metavar="OUT", help="folder of the documents as JSON, by name")
    parser.add_argument(
        "--report",
        type=Path,
        metavar="DIR",
        help="gets index.html and PNG pictures; made if its parent exists",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument(
        "--worst", type=_count, default=0, metavar="N", help="list the errors of that many documents"
    )


def _calibrate(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands,
        "calibrate",
        "fit the confidence to documents whose truth is known",
        "  shenbao calibrate known/ more/ -o calibration.json",
    )
    parser.add_argument(
        "truth",
        type=Path,
        nargs="+",
        metavar="TRUTH",
        help="folders of *.truth.json with their documents beside them",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="the calibration, as JSON"
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--fields", action="store_true", help="calibrate the fields of records, not the cells")
    kind.add_argument(
        "--signals", action="store_true", help="also print the figures without each group of signals"
    )
    parser.add_argument(
        "--label", default="1", metavar="TEXT", help="the version written into it (default 1)"
    )
    _engine_options(parser)


def _serve(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands,
        "serve",
        "start the HTTP service and the review queue",
        "  shenbao serve --data review              http://127.0.0.1:8765, for this machine only\n"
        "  shenbao user add 王芳 --role admin --data review\n"
        "  shenbao serve --data review --host 0.0.0.0",
    )
    _data_options(parser)
    parser.add_argument(
        "--host", metavar="ADDRESS", help="listen there (default 127.0.0.1: this machine only)"
    )
    parser.add_argument("--port", type=_count, metavar="N", help="listen on this port (default 8765; 0: any)")
    parser.add_argument("--workers", type=_count, metavar="N", help="reading processes (default 1)")
    _engine_options(parser)


def _user(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands,
        "user",
        "add, change and list the accounts of the service",
        "  shenbao user add 王芳 --role admin --data review     asks for the password\n"
        "  shenbao user list --data review",
    )
    parser.add_argument(
        "action", choices=("add", "change", "list"), metavar="add|change|list", help="what to do"
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="whose account")
    parser.add_argument("--role", choices=("admin", "reviewer", "reader"), help="what the user may do")
    parser.add_argument("--stop", action="store_true", help="the user can no longer log in")
    parser.add_argument(
        "--password",
        action="store_true",
        help="change: ask for a new password (add always asks); from stdin where that is no terminal",
    )
    _data_options(parser)
    parser.add_argument(
        "--settings", type=Path, metavar="TOML", help="a file of settings; see docs/settings.md"
    )


def _truth(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = _add(
        commands,
        "truth",
        "write what people have put right in the service as truth files for evaluate and calibrate",
        "  shenbao truth --data review -o known\n  shenbao calibrate known -o calibration.json",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="made if its parent exists"
    )
    parser.add_argument("--project", metavar="NAME", help="of this project only (default: of all)")
    _data_options(parser)
    parser.add_argument(
        "--settings", type=Path, metavar="TOML", help="a file of settings; see docs/settings.md"
    )


def _data_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="database and pictures (default shenbao-data, made if needed)",
    )
    parser.add_argument(
        "--database", metavar="URL", help="postgresql://… instead of SQLite in DIR (extra `postgres`)"
    )


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value < 1:
        raise ValueError
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise ValueError
    return value
