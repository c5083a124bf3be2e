"""Many files: read by worker processes, page by page, resumable at any moment."""

from shenbao.batch.joint import Joint
from shenbao.batch.run import Executor, LocalExecutor, Sharing, run_batch
from shenbao.batch.summary import Failure, Summary
from shenbao.batch.workers import Limits

__all__ = [
    "Executor",
    "Failure",
    "Joint",
    "Limits",
    "LocalExecutor",
    "Sharing",
    "Summary",
    "run_batch",
]
