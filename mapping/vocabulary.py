"""The controlled vocabulary: data files of the package, and the look-ups in them.

Levels 1 and 2 of an indicator are closed lists, per frame (the ministry's, or a region's own);
level 3 is open: a known name or a new one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shenbao.mapping.folding import fold
from shenbao.mapping.matching import Match, NameList
from shenbao.models.document import NameMatch

LabelKind = Literal[
    "text", "money", "percent", "number", "period", "month", "date", "year", "code", "unit", "section"
]
UnitKind = Literal["rate", "money", "time", "count", "price"]
Forms = Mapping[str, tuple[str, ...]]
"""Names with all their printed forms."""

_NEAREST = 0.3
"""Least similarity of a name that is worth naming as the nearest."""

_LISTS = 128
"""Name lists that a vocabulary remembers: a table asks for about ten, mostly those that the last one asked for."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Named(_Data):
    name: str
    aliases: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """All printed forms: the name and its aliases."""
        return (self.name, *self.aliases)


class Level2(_Named):
    """A second-level name. `standard` is its name in the ministry's frame, where the frame has its own.

    `endings` and `unit_kinds` say what its indicators usually look like; they only break ties.
    """

    standard: str | None = None
    endings: tuple[str, ...] = ()
    unit_kinds: tuple[UnitKind, ...] = ()


class Level1(_Named):
    """A first-level name with the second levels allowed below it; `ordered`: they stand in this order."""

    standard: str | None = None
    ordered: bool = False
    children: tuple[Level2, ...]


class Frame(_Data):
    """One system of indicator levels."""

    id: str
    title: str
    source: str
    level1: tuple[Level1, ...]

    def parent(self, name: str) -> Level1 | None:
        return next((entry for entry in self.level1 if entry.name == name), None)

    def allows(self, level1: str, level2: str) -> bool:
        """Whether the second level may stand below the first."""
        parent = self.parent(level1)
        return parent is not None and any(child.name == level2 for child in parent.children)


class _Levels(_Data):
    source: str
    frames: tuple[Frame, ...]


class _Level3Group(_Data):
    level2: str
    names: tuple[str, ...]


class _Level3(_Data):
    source: str
    groups: tuple[_Level3Group, ...]


class Label(_Named):
    """The label of a field: its key in the record, its canonical Chinese name, what its value is."""

    key: str
    kind: LabelKind


class ColumnLabel(_Named):
    """The header of a column: which part of an indicator or a line stands below it."""

    part: str


class _Labels(_Data):
    source: str
    labels: tuple[Label, ...]
    indicator_columns: tuple[ColumnLabel, ...]
    line_columns: tuple[ColumnLabel, ...]


class Unit(_Named):
    """A unit in normal form, what it measures, and its other spellings."""

    kind: UnitKind


class _Units(_Data):
    source: str
    units: tuple[Unit, ...]


class Operator(_Data):
    value: Literal["≥", "≤", ">", "<", "="]
    printed: tuple[str, ...]


class Operators(_Data):
    """Operators before a number, words after it (`以上`), words for "no operator but a description"."""

    source: str
    operators: tuple[Operator, ...]
    suffixes: tuple[Operator, ...]
    descriptive: tuple[str, ...]
    none: tuple[str, ...]


class Words(_Data):
    source: str
    placeholders: tuple[str, ...]
    values: tuple[str, ...]
    basis: tuple[str, ...]
    headings: tuple[str, ...]
    budget: tuple[str, ...]


class Code(_Data):
    code: str
    name: str


class Codes(_Data):
    source: str
    functional: tuple[Code, ...]
    economic: tuple[Code, ...]
    procurement: tuple[Code, ...]


class _Alike(_Data):
    char: str
    alike: str


class _Alikes(_Data):
    source: str
    groups: tuple[_Alike, ...]


class _Confusable(_Data):
    source: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All vocabulary data, with the name lists built from it.

    `level3` holds for each second level its known third-level names with their printed forms;
    `own_labels` the printed forms of labels that the user has added, by key. `alike` gives for a character
    all those in whose place it may be read.
    """

    frames: tuple[Frame, ...]
    labels: Mapping[str, Label]
    indicator_columns: tuple[ColumnLabel, ...]
    line_columns: tuple[ColumnLabel, ...]
    units: tuple[Unit, ...]
    operators: Operators
    words: Words
    codes: Codes
    confusable: tuple[tuple[str, str], ...]
    level3: Mapping[str, Forms]
    alike: Mapping[str, str]
    own_labels: Forms = field(default_factory=dict)

    @staticmethod
    def from_json(data: Mapping[str, str]) -> "Vocabulary":
        """`data`: the text of each JSON file by its stem.

        Raises:
            pydantic.ValidationError: a text does not fit its schema.
        """
        labels = _Labels.model_validate_json(data["labels"])
        groups = _Level3.model_validate_json(data["level3"]).groups
        return Vocabulary(
            frames=_Levels.model_validate_json(data["levels"]).frames,
            labels={label.key: label for label in labels.labels},
            indicator_columns=labels.indicator_columns,
            line_columns=labels.line_columns,
            units=_Units.model_validate_json(data["units"]).units,
            operators=Operators.model_validate_json(data["operators"]),
            words=Words.model_validate_json(data["words"]),
            codes=Codes.model_validate_json(data["codes"]),
            confusable=_Confusable.model_validate_json(data["confusable"]).pairs,
            alike=_by_reading(_Alikes.model_validate_json(data["alike"]).groups),
            level3={group.level2: {name: (name,) for name in group.names} for group in groups},
        )

    def frame(self, frame_id: str) -> Frame:
        """The frame of that id; KeyError where there is none."""
        for frame in self.frames:
            if frame.id == frame_id:
                return frame
        raise KeyError(frame_id)

    def label_list(self, keys: Iterable[str]) -> NameList:
        """The printed forms of some labels alone."""
        return self.names({key: self.labels[key].forms for key in sorted(keys)})

    def names(self, entries: Mapping[str, tuple[str, ...]]) -> NameList:
        """A name list over `entries` (name to printed forms) with this vocabulary's confusable pairs."""
        return self._listed(tuple(entries.items()))

    @cached_property
    def _listed(self) -> Callable[[tuple[tuple[str, tuple[str, ...]], ...]], NameList]:
        """Name lists by their entries, the last ones remembered: most are asked for again with every table."""
        return lru_cache(_LISTS)(lambda entries: NameList(dict(entries), self.confusable))

    @cached_property
    def label_names(self) -> NameList:
        """The printed forms of all labels."""
        return self.label_list(self.labels)

    @cached_property
    def section_names(self) -> NameList:
        """The printed forms of labels that head a section and have no value of their own."""
        return self.label_list(key for key, label in self.labels.items() if label.kind == "section")

    def is_label(self, text: str) -> bool:
        """Whether a text is the printed form of a label, a colon behind it left out."""
        return self.label_names.exact(text.strip().rstrip(":：")) is not None

    @cached_property
    def indicator_headers(self) -> NameList:
        return self.names({c.part: c.forms for c in self.indicator_columns})

    @cached_property
    def line_headers(self) -> NameList:
        return self.names({c.part: c.forms for c in self.line_columns})

    @cached_property
    def level1_names(self) -> dict[str, NameList]:
        """By frame id."""
        return {f.id: self.names({e.name: e.forms for e in f.level1}) for f in self.frames}

    @cached_property
    def level2_names(self) -> dict[tuple[str, str], NameList]:
        """By frame id and level-1 name; under "" all second levels of the frame."""
        lists: dict[tuple[str, str], NameList] = {}
        for frame in self.frames:
            for entry in frame.level1:
                lists[frame.id, entry.name] = self.names({c.name: c.forms for c in entry.children})
            lists[frame.id, ""] = self.names({c.name: c.forms for e in frame.level1 for c in e.children})
        return lists

    @cached_property
    def unit_kinds(self) -> dict[str, UnitKind]:
        return {unit.name: unit.kind for unit in self.units}

    @cached_property
    def placeholders(self) -> frozenset[str]:
        return frozenset(fold(word) for word in self.words.placeholders)

    @cached_property
    def level3_names(self) -> dict[str, NameList]:
        """By second level; under "" all of them."""
        lists = {level2: self.names(names) for level2, names in self.level3.items()}
        lists[""] = self.names(
            {name: forms for names in self.level3.values() for name, forms in names.items()}
        )
        return lists

    def match_level3(
        self, text: str, level2: str, others: Iterable[str] = (), least: float = 0.8
    ) -> NameMatch:
        """Whether a third-level name is known below `level2`, and what is nearest.

        `others` are the recogniser's other readings, likeliest first. A second level of which nothing is
        known, or "", looks among all.
        """
        names = self.level3_names.get(level2) or self.level3_names[""]
        found = names.match_readings(text, others, _NEAREST)
        return as_name_match(found, known=found is not None and found.decided and found.score >= least)

    def knows_level3(self, text: str, level2: str) -> bool:
        known = self.level3_names.get(level2)
        return known is not None and known.exact(text) is not None


def as_name_match(found: Match | None, *, known: bool) -> NameMatch:
    """What a record says of a match; where it is not `known`, the print is a new name."""
    if found is None:
        return NameMatch(name=None, nearest="", score=0.0, runner_up="", runner_up_score=0.0, margin=0.0)
    score, second = round(found.score, 4), round(found.runner_up_score, 4)
    return NameMatch(
        name=found.name if known else None,
        nearest=found.name,
        score=score,
        runner_up=found.runner_up,
        runner_up_score=second,
        margin=round(score - second, 4),
    )


def _by_reading(groups: Iterable[_Alike]) -> dict[str, str]:
    """For each character that may be read in the place of others, those others."""
    found: dict[str, str] = {}
    for group in groups:
        for char in group.alike:
            found[char] = found.get(char, "") + group.char
    return found


_FILES = ("levels", "level3", "labels", "units", "operators", "words", "codes", "confusable", "alike")


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """The vocabulary that comes with the package.

    Raises:
        pydantic.ValidationError: a data file does not fit its schema.
    """
    folder = files("shenbao.mapping") / "data" / "vocabulary"
    return Vocabulary.from_json({stem: (folder / f"{stem}.json").read_text("utf-8") for stem in _FILES})
