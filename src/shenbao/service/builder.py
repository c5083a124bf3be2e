"""Makes documents anew after decisions, beside the requests: the next item must not wait for it."""

import logging
import queue
import threading

from shenbao.mapping.additions import open_vocabulary
from shenbao.mapping.families import open_families
from shenbao.settings import MappingSettings
from shenbao.store.database import Database
from shenbao.store.documents import build, unbuilt
from shenbao.store.rebuild import Knowledge

log = logging.getLogger(__name__)


def open_knowledge(settings: MappingSettings) -> Knowledge:
    """Vocabulary and families of the settings."""
    vocabulary = open_vocabulary(settings.vocabulary)
    return Knowledge(vocabulary, open_families(settings.families, vocabulary))


class Builder:
    """One thread that builds what is handed to it; at the start, what an earlier end had left."""

    def __init__(self, database: Database, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._database = database
        self._wanted: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._waiting: set[int] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="builder")

    def start(self) -> None:
        with self._database.read() as transaction:
            for document_id in unbuilt(transaction):
                self.want(document_id)
        self._thread.start()

    def stop(self) -> None:
        self._wanted.put(None)
        self._thread.join()

    def want(self, document_id: int) -> None:
        """Builds a document soon; once for all decisions until then."""
        if document_id not in self._waiting:
            self._waiting.add(document_id)
            self._wanted.put(document_id)

    def build(self, document_id: int) -> None:
        """Builds a document now, if it is behind."""
        with self._lock:
            build(self._database, document_id, self.knowledge)

    def _work(self) -> None:
        while (document_id := self._wanted.get()) is not None:
            # What is decided from here on may come too late for this build.
            self._waiting.discard(document_id)
            try:
                self.build(document_id)
            except Exception:  # one document must not keep the others from being built
                log.exception("building document %d", document_id)
