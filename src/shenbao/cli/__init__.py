"""The command line. stdout carries data, stderr people; exit codes are those of shenbao.errors."""

from shenbao.cli.entry import main

__all__ = ["main"]
