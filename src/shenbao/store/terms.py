"""The words of the store's columns: roles, states, origins, actions."""

from typing import Literal

Role = Literal["admin", "reviewer", "reader"]
DocumentState = Literal["waiting", "reading", "complete", "partial", "failed"]
JobState = Literal["queued", "running", "done", "failed"]
ItemState = Literal["open", "done", "settled"]
"""open: waits for a person. done: decided. settled: no longer in doubt, since what others decided confirms it."""
Origin = Literal["doubt", "control", "seed", "edit"]
"""Why an item is there: in doubt; accepted and mixed in to measure; with a known error; edited on the page."""
Action = Literal["accept", "correct", "unreadable"]

ROLES: tuple[Role, ...] = ("admin", "reviewer", "reader")

Finish = Literal["document.read", "document.failed", "document.reviewed"]
"""What a webhook may ask to be told of. reviewed: no item of the document is open any more."""
Happening = Finish | Literal["ping"]
"""ping: somebody tries whether messages arrive."""
DeliveryState = Literal["waiting", "sent", "given_up"]

FINISHES: tuple[Finish, ...] = ("document.read", "document.failed", "document.reviewed")
