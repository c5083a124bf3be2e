"""Entry point: arguments in, exit code out."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from shenbao.cli.parser import make_parser
from shenbao.errors import ShenbaoError
from shenbao.reading import ReaderFactory, open_reader

INTERRUPTED = 130
BROKEN_PIPE = 141

Command = Callable[[argparse.Namespace, ReaderFactory], int]


def main(argv: Sequence[str] | None = None, reader_factory: ReaderFactory = open_reader) -> int:
    """Runs one command and returns the process's exit code.

    Raises:
        SystemExit: after --help and --version (0) and for arguments that make no sense (2).
    """
    args = make_parser().parse_args(argv)
    if not args.debug:
        # Details of damaged files and failed pages; the error that follows says it for people.
        for name in ("PIL", "shenbao"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    command: Command = import_module(f"shenbao.cli.{args.command}_command").run
    try:
        code = command(args, reader_factory)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read the output has seen enough. Python's own flush at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        print("shenbao: interrupted", file=sys.stderr)
        return INTERRUPTED
    except ShenbaoError as error:
        if args.debug:
            raise
        return _tell(error)
    except Exception as error:
        if args.debug:
            raise
        return _tell(ShenbaoError(f"{type(error).__name__}: {error}"))


def _tell(error: ShenbaoError) -> int:
    message = " ".join(str(error).split())
    print(f"shenbao: error [{error.code}]: {message} -- {error.advice}", file=sys.stderr)
    return error.exit_code
