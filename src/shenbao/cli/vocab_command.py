"""`shenbao vocab`: what the forms' vocabulary holds, and what a user adds to it in a file of their own."""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from shenbao.cli.streams import deliver, tell
from shenbao.errors import UsageError
from shenbao.mapping.additions import Addition, Additions, extended, read_additions, with_addition
from shenbao.mapping.folding import fold
from shenbao.mapping.vocabulary import Vocabulary, load_vocabulary
from shenbao.reading import ReaderFactory
from shenbao.storing import store

_PACKAGE = "shenbao"


@dataclass(frozen=True)
class Entry:
    """A word of the vocabulary; `note` is its key, parent, kind or code.

    `own` says of each form that the user has added where it comes from, who confirmed it, and when.
    """

    group: str
    name: str
    forms: tuple[str, ...]
    note: str
    own: tuple[tuple[str, str], ...] = ()

    @property
    def line(self) -> str:
        return "\t".join((self.group, self.name, "、".join(self.forms), self.note))

    def origin(self, form: str) -> str:
        """Where a printed form comes from."""
        return dict(self.own).get(form, _PACKAGE)


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    return _ACTIONS[args.action](args)


def _list(args: argparse.Namespace) -> int:
    entries = entries_of(_additions(args))
    groups = {entry.group for entry in entries}
    if args.group and args.group not in groups:
        raise UsageError(f"no group {args.group}: there are {', '.join(sorted(groups))}")
    return _print(entry.line for entry in entries if args.group in (None, entry.group))


def _search(args: argparse.Namespace) -> int:
    found = search(entries_of(_additions(args)), args.text, args.limit)
    return _print(entry.line for entry in found)


def _aliases(args: argparse.Namespace) -> int:
    """Every printed form of the names that are printed so, with where it comes from."""
    wanted = fold(args.name)
    entries = entries_of(_additions(args))
    found = [e for e in entries if wanted in {fold(form) for form in (e.name, *e.forms)}]
    if not found:
        near = "、".join(entry.name for entry in search(entries, args.name, 3))
        raise UsageError(f"the vocabulary does not know “{args.name}”; the nearest are {near}")
    return _print(
        "\t".join((entry.group, entry.name, form, entry.note, entry.origin(form)))
        for entry in found
        for form in dict.fromkeys((entry.name, *entry.forms))
    )


def _add(args: argparse.Namespace) -> int:
    if args.own is None:
        raise UsageError("name your own vocabulary file with --own FILE; it is made if it is not there")
    additions = read_additions(args.own) if args.own.exists() else Additions()
    try:
        addition = Addition(
            group=args.group, name=args.name, form=args.form, below=args.below, kind=args.kind,
            source=args.source, by=args.by, added=datetime.now(UTC).replace(microsecond=0),
        )  # fmt: skip
    except ValidationError as error:
        raise UsageError(
            "; ".join(str(e["msg"]).removeprefix("Value error, ") for e in error.errors())
        ) from error
    store(args.own, with_addition(load_vocabulary(), additions, addition).to_bytes())
    tell(f"{args.own}: {len(additions.entries) + 1} additions; name it in the settings as mapping.vocabulary")
    return 0


def _export(args: argparse.Namespace) -> int:
    """All entries as JSON, each form with where it comes from."""
    entries = [
        {key: value for key, value in asdict(entry).items() if key not in ("forms", "own")}
        | {
            "forms": [
                {"form": f, "origin": entry.origin(f)} for f in dict.fromkeys((entry.name, *entry.forms))
            ]
        }
        for entry in entries_of(_additions(args))
    ]
    deliver((json.dumps(entries, ensure_ascii=False, indent=1) + "\n").encode(), args.output)
    return 0


_ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "search": _search,
    "add": _add,
    "aliases": _aliases,
    "export": _export,
}


def _additions(args: argparse.Namespace) -> Additions:
    return Additions() if args.own is None else read_additions(args.own)


def _print(lines: Iterator[str]) -> int:
    deliver("".join(f"{line}\n" for line in lines).encode())
    return 0


def search(entries: Sequence[Entry], text: str, limit: int) -> list[Entry]:
    """The entries nearest to `text`: those that hold it first, then by similarity of any of their forms."""
    from rapidfuzz.fuzz import ratio

    def score(entry: Entry) -> tuple[bool, float]:
        forms = (entry.name, *entry.forms, entry.note)
        return any(text in form for form in forms), max(ratio(text, form) for form in forms)

    ranked = sorted(((score(entry), entry) for entry in entries), key=lambda pair: pair[0], reverse=True)
    return [entry for (held, similarity), entry in ranked[:limit] if held or similarity > 0]


def entries_of(additions: Additions) -> list[Entry]:
    """The package's entries and the user's, with the provenance of the latter."""
    origins: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for entry in additions.entries:
        origin = "，".join(part for part in (entry.source, entry.by, entry.added.isoformat()) if part)
        origins.setdefault((entry.group, entry.name), []).append((entry.form or entry.name, origin))
    found = []
    for group, name, forms, note in _entries(extended(load_vocabulary(), additions)):
        key = note.split(" ")[0] if group in ("labels", "columns") else name
        found.append(Entry(group, name, forms, note, tuple(origins.get((group, key), ()))))
    return found


Plain = tuple[str, str, tuple[str, ...], str]


def _entries(vocabulary: Vocabulary) -> Iterator[Plain]:
    for frame in vocabulary.frames:
        for first in frame.level1:
            yield "level1", first.name, first.aliases, frame.id
            for second in first.children:
                yield "level2", second.name, second.aliases, f"{frame.id} {first.name}"
    for level2, names in vocabulary.level3.items():
        yield from (("level3", name, forms[1:], level2) for name, forms in names.items())
    for label in vocabulary.labels.values():
        own = vocabulary.own_labels.get(label.key, ())
        yield "labels", label.name, (*label.aliases, *own), f"{label.key} {label.kind}"
    for column in vocabulary.indicator_columns:
        yield "columns", column.name, column.aliases, column.part
    for unit in vocabulary.units:
        yield "units", unit.name, unit.aliases, unit.kind
    words = vocabulary.words
    for note, group in (("placeholder", words.placeholders), ("value", words.values), ("basis", words.basis)):
        yield from (("words", word, (), note) for word in group)
    codes = vocabulary.codes
    for kind, listed in (
        ("functional", codes.functional),
        ("economic", codes.economic),
        ("procurement", codes.procurement),
    ):
        yield from (("codes", code.name, (), f"{kind} {code.code}") for code in listed)
