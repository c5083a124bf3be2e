"""Form families: data files that say by what a form is known and where its values stand.

A family names keys of the vocabulary's labels; the labels' printed forms are looked up there, so that
an alias learnt once serves every family. Places are relative to the label, never row or column numbers.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from shenbao.errors import UsageError
from shenbao.mapping.folding import fold
from shenbao.mapping.matching import NameList
from shenbao.mapping.vocabulary import LabelKind, Vocabulary
from shenbao.models.document import Table

Relation = Literal["same", "right", "below", "rest"]
GENERIC = "generic"
_LABEL_LENGTH = 40
_LABEL_LEAST = 0.7


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(_Data):
    """One mark of a family with its weight: a pattern in the title, or a label in any cell."""

    title: str | None = None
    label: str | None = None
    weight: float

    @model_validator(mode="after")
    def _one_mark(self) -> "Evidence":
        if (self.title is None) == (self.label is None):
            raise ValueError("an evidence names either a title pattern or a label")
        if self.title is not None:
            re.compile(self.title)
        return self


class FieldRule(_Data):
    """Where the value of one key stands.

    `find` is tried in order: in the label's own cell after a colon (`same`), the neighbour right of it,
    the neighbour below, or all cells beside the label that nothing else claims (`rest`). In a row of
    labels alone values stand below, whatever `find` says. Of several labels of the key the one in the column of the key `under` counts (the year's column, not that of the
    whole term). `labels`, `name` and `kind` replace what the vocabulary says of the key.
    """

    key: str
    find: tuple[Relation, ...] = ("same", "right", "below")
    under: str | None = None
    labels: tuple[str, ...] = ()
    name: str | None = None
    kind: LabelKind | None = None


class TextRule(_Data):
    """A value in the print around the table: `pattern` with the group `value`, on folded text."""

    key: str
    pattern: str
    place: Literal["title", "caption"] = "caption"

    @model_validator(mode="after")
    def _has_value(self) -> "TextRule":
        if "value" not in re.compile(self.pattern).groupindex:
            raise ValueError(f"pattern of {self.key} has no group named value")
        return self


class LineRule(_Data):
    """Lines of a statement: printed headers that make the name column where the vocabulary's do not."""

    names: tuple[str, ...] = ()


class Family(_Data):
    """A kind of form. `least` is the evidence it needs; `frames` the level systems it may use."""

    id: str
    title: str
    source: str
    least: float = 3.0
    evidence: tuple[Evidence, ...] = ()
    frames: tuple[str, ...] = ()
    fields: tuple[FieldRule, ...] = ()
    texts: tuple[TextRule, ...] = ()
    captions: tuple[str, ...] = ()
    lines: LineRule | None = None

    @cached_property
    def rules(self) -> dict[str, FieldRule]:
        return {rule.key: rule for rule in self.fields}

    def labels(self, vocabulary: Vocabulary) -> NameList:
        """The printed labels of this family's keys, plus the section labels that hold no value.

        KeyError where a key is neither in the vocabulary nor given with labels of its own.
        """
        entries: dict[str, tuple[str, ...]] = {}
        for rule in self.fields:
            known = vocabulary.labels.get(rule.key)
            if known is None and not rule.labels:
                raise KeyError(f"{self.id}: {rule.key} has no label")
            own = vocabulary.own_labels.get(rule.key, ())
            entries[rule.key] = (*(rule.labels or (known.forms if known else ())), *own)
        for key, label in vocabulary.labels.items():
            if label.kind == "section":
                entries.setdefault(key, label.forms)
        return vocabulary.names(entries)

    def name_of(self, key: str, vocabulary: Vocabulary) -> str:
        rule = self.rules.get(key)
        known = vocabulary.labels.get(key)
        if rule is not None and rule.name:
            return rule.name
        return known.name if known else (rule.labels[0] if rule and rule.labels else key)

    def kind_of(self, key: str, vocabulary: Vocabulary) -> LabelKind:
        rule = self.rules.get(key)
        known = vocabulary.labels.get(key)
        if rule is not None and rule.kind:
            return rule.kind
        return known.kind if known else "text"


def identify(table: Table, families: Sequence[Family], vocabulary: Vocabulary) -> Family:
    """The family with the most evidence in the table, or the family `generic`.

    A label read nearly right counts by its similarity.
    """
    title = fold(" ".join((table.title, *table.captions)))
    seen = _labels_seen(table, families, vocabulary)
    best, most = generic(families), 0.0
    for family in families:
        weight = sum(
            mark.weight * (seen.get(mark.label, 0.0) if mark.label else _in_title(mark, title))
            for mark in family.evidence
        )
        if family.id != GENERIC and weight >= family.least and weight > most:
            best, most = family, weight
    return best


def _in_title(mark: Evidence, title: str) -> float:
    return 1.0 if mark.title and re.search(mark.title, title) else 0.0


def _labels_seen(table: Table, families: Sequence[Family], vocabulary: Vocabulary) -> dict[str, float]:
    marks = {mark.label for family in families for mark in family.evidence if mark.label}
    names = vocabulary.names({label: (label,) for label in sorted(marks)})
    seen: dict[str, float] = {}
    for text in {cell.text for cell in table.cells if 0 < len(cell.text) <= _LABEL_LENGTH}:
        match = names.match(text, _LABEL_LEAST)
        if match is not None and match.decided:
            seen[match.name] = max(seen.get(match.name, 0.0), match.score)
    return seen


def generic(families: Iterable[Family]) -> Family:
    """The family for forms that nobody has described.

    Raises:
        UsageError: the families lack it.
    """
    for family in families:
        if family.id == GENERIC:
            return family
    raise UsageError("the families lack the family `generic`")


@lru_cache(maxsize=1)
def load_families() -> tuple[Family, ...]:
    """The families that come with the package, by id."""
    folder = files("shenbao.mapping") / "data" / "families"
    entries = sorted((e for e in folder.iterdir() if e.name.endswith(".json")), key=lambda e: e.name)
    return tuple(Family.model_validate_json(entry.read_text("utf-8")) for entry in entries)


def read_family(path: Path) -> Family:
    """A family from a user's own JSON file.

    Raises:
        UsageError: the file is missing or does not describe a family.
    """
    try:
        return Family.model_validate_json(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise UsageError(f"family file {path}: {error}") from error


def open_families(folder: Path | None, vocabulary: Vocabulary) -> tuple[Family, ...]:
    """The package's families and those of a user's folder; of two with one id the user's counts.

    Raises:
        UsageError: the folder is none, or a file in it does not describe a family of this vocabulary.
    """
    families = {family.id: family for family in load_families()}
    if folder is None:
        return tuple(families.values())
    if not folder.is_dir():
        raise UsageError(f"families: {folder} is no folder")
    for path in sorted(folder.glob("*.json")):
        family = read_family(path)
        try:
            family.labels(vocabulary)
            _ = [vocabulary.frame(frame) for frame in family.frames]
            _ = [vocabulary.labels[key] for key in family.captions]
        except KeyError as error:
            raise UsageError(f"family file {path}: the vocabulary has no {error}") from error
        families[family.id] = family
    return tuple(families.values())
