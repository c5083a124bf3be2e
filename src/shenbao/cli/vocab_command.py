"""`shenbao vocab`: what the forms' vocabulary holds, as lines of group, name, other forms, note."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from shenbao.cli.streams import deliver
from shenbao.errors import UsageError
from shenbao.mapping.vocabulary import Vocabulary, load_vocabulary
from shenbao.reading import ReaderFactory


@dataclass(frozen=True)
class Entry:
    """A word of the vocabulary; `note` is its key, parent, kind or code."""

    group: str
    name: str
    forms: tuple[str, ...]
    note: str

    @property
    def line(self) -> str:
        return "\t".join((self.group, self.name, "、".join(self.forms), self.note))


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    entries = list(_entries(load_vocabulary()))
    if args.action == "search":
        found = search(entries, args.text, args.limit)
    else:
        groups = {entry.group for entry in entries}
        if args.group and args.group not in groups:
            raise UsageError(f"no group {args.group}: there are {', '.join(sorted(groups))}")
        found = [entry for entry in entries if args.group in (None, entry.group)]
    deliver("".join(f"{entry.line}\n" for entry in found).encode())
    return 0


def search(entries: list[Entry], text: str, limit: int) -> list[Entry]:
    """The entries nearest to `text`: those that hold it first, then by similarity of any of their forms."""
    from rapidfuzz.fuzz import ratio

    def score(entry: Entry) -> tuple[bool, float]:
        forms = (entry.name, *entry.forms, entry.note)
        return any(text in form for form in forms), max(ratio(text, form) for form in forms)

    ranked = sorted(((score(entry), entry) for entry in entries), key=lambda pair: pair[0], reverse=True)
    return [entry for (held, similarity), entry in ranked[:limit] if held or similarity > 0]


def _entries(vocabulary: Vocabulary) -> Iterator[Entry]:
    for frame in vocabulary.frames:
        for first in frame.level1:
            yield Entry("levels", first.name, first.aliases, frame.id)
            for second in first.children:
                yield Entry("levels", second.name, second.aliases, f"{frame.id} {first.name}")
    for level2, names in vocabulary.level3.items():
        yield from (Entry("level3", name, forms[1:], level2) for name, forms in names.items())
    for label in vocabulary.labels.values():
        yield Entry("labels", label.name, label.aliases, f"{label.key} {label.kind}")
    for unit in vocabulary.units:
        yield Entry("units", unit.name, unit.aliases, unit.kind)
    words = vocabulary.words
    for note, group in (("placeholder", words.placeholders), ("value", words.values), ("basis", words.basis)):
        yield from (Entry("words", word, (), note) for word in group)
    codes = vocabulary.codes
    for kind, listed in (
        ("functional", codes.functional),
        ("economic", codes.economic),
        ("procurement", codes.procurement),
    ):
        yield from (Entry("codes", code.name, (), f"{kind} {code.code}") for code in listed)
