"""Many files: read by worker processes, one output each, safe to run again."""

from shenbao.batch.run import run_batch
from shenbao.batch.summary import Failure, Summary

__all__ = ["Failure", "Summary", "run_batch"]
