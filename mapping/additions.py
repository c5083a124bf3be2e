"""What users add to the vocabulary: a file of their own beside the package's data, with where each came from."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from shenbao.errors import UsageError
from shenbao.mapping.matching import NameList
from shenbao.mapping.vocabulary import Unit, UnitKind, Vocabulary, load_vocabulary

Group = Literal["level1", "level2", "level3", "labels", "columns", "units"]
"""What a name is: of the first, second or third level, a field's label, the header of an indicator column
(its part), or a unit. The first two and the columns are closed: they take other forms of known names only."""

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Addition(BaseModel):
    """One printed form that the user knows, and where it comes from.

    `name` is the vocabulary's name (of a label its key), `form` how it is printed; without a form the name
    itself is new, which only third levels (`below` names their second level) and units (`kind` says what
    they measure) can be. `source` says where it was seen, `by` who confirmed it, `added` when.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: Group
    name: Word
    form: Word | None = None
    below: str = ""
    kind: UnitKind | None = None
    source: Word
    by: str = ""
    added: AwareDatetime

    @model_validator(mode="after")
    def _is_complete(self) -> "Addition":
        if self.form is None and self.group not in ("level3", "units"):
            raise ValueError(f"{self.group} is a closed list: give another form of a known name")
        if (self.group == "level3") != bool(self.below):
            raise ValueError("`below`, the second level, is for third levels, and they need it")
        if self.kind is not None and (self.group != "units" or self.form is not None):
            raise ValueError("`kind` is for a new unit")
        if self.group == "units" and self.form is None and self.kind is None:
            raise ValueError("a new unit needs its `kind`")
        return self


class Additions(BaseModel):
    """All that one user, or one office, has added, in the order it was added."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    entries: tuple[Addition, ...] = ()

    def to_bytes(self) -> bytes:
        """The file's content: JSON, UTF-8."""
        return (self.model_dump_json(indent=1, exclude_defaults=False) + "\n").encode()


def read_additions(path: Path) -> Additions:
    """The additions of a file.

    Raises:
        UsageError: the file is missing or is none of additions.
    """
    try:
        return Additions.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UsageError(f"vocabulary file {path}: {error}") from error


def open_vocabulary(path: Path | None = None) -> Vocabulary:
    """The package's vocabulary, with the additions of a file where one is named.

    Raises:
        UsageError: the file is missing, is none of additions, or an addition contradicts the vocabulary.
    """
    return load_vocabulary() if path is None else extended(load_vocabulary(), read_additions(path))


def extended(vocabulary: Vocabulary, additions: Additions) -> Vocabulary:
    """The vocabulary with all additions.

    Raises:
        UsageError: an addition is known already, names what there is not, or has a form of another name.
    """
    for addition in additions.entries:
        vocabulary = _EXTEND[addition.group](vocabulary, addition)
    return vocabulary


def with_addition(vocabulary: Vocabulary, additions: Additions, addition: Addition) -> Additions:
    """The additions with one more. `vocabulary` is the package's, without additions.

    Raises:
        UsageError: as `extended`; nothing is added then.
    """
    more = additions.model_copy(update={"entries": (*additions.entries, addition)})
    extended(vocabulary, more)
    return more


def _checked(names: NameList, addition: Addition, name: str) -> None:
    """Refuses a form that the list knows already, as this name or as another."""
    form = addition.form or addition.name
    found = names.exact(form)
    if found is None:
        return
    if found.name == name:
        raise UsageError(f"{addition.group}: “{form}” is known already as “{name}”")
    raise UsageError(f"{addition.group}: “{form}” is a form of “{found.name}”, it cannot be one of “{name}”")


def _unknown(addition: Addition) -> UsageError:
    return UsageError(f"{addition.group}: there is no “{addition.name}” to which a form could be added")


def _level1(vocabulary: Vocabulary, addition: Addition) -> Vocabulary:
    assert addition.form is not None
    frames = []
    for frame in vocabulary.frames:
        entry = frame.parent(addition.name)
        if entry is not None:
            _checked(vocabulary.level1_names[frame.id], addition, entry.name)
            taught = entry.model_copy(update={"aliases": (*entry.aliases, addition.form)})
            frame = frame.model_copy(
                update={"level1": tuple(taught if e is entry else e for e in frame.level1)}
            )
        frames.append(frame)
    if all(new is old for new, old in zip(frames, vocabulary.frames, strict=True)):
        raise _unknown(addition)
    return replace(vocabulary, frames=tuple(frames))


def _level2(vocabulary: Vocabulary, addition: Addition) -> Vocabulary:
    assert addition.form is not None
    frames, seen = [], False
    for frame in vocabulary.frames:
        firsts = []
        for first in frame.level1:
            child = next((c for c in first.children if c.name == addition.name), None)
            if child is not None:
                seen = True
                _checked(vocabulary.level2_names[frame.id, first.name], addition, child.name)
                taught = child.model_copy(update={"aliases": (*child.aliases, addition.form)})
                children = tuple(taught if c is child else c for c in first.children)
                first = first.model_copy(update={"children": children})
            firsts.append(first)
        frames.append(frame.model_copy(update={"level1": tuple(firsts)}))
    if not seen:
        raise _unknown(addition)
    return replace(vocabulary, frames=tuple(frames))


def _level3(vocabulary: Vocabulary, addition: Addition) -> Vocabulary:
    seconds = {c.name for frame in vocabulary.frames for first in frame.level1 for c in first.children}
    if addition.below not in seconds:
        raise UsageError(f"level3: there is no second level “{addition.below}”")
    names = dict(vocabulary.level3.get(addition.below, {}))
    if addition.form is not None and addition.name not in names:
        raise _unknown(addition)
    if names:
        _checked(vocabulary.level3_names[addition.below], addition, addition.name)
    names[addition.name] = (*names.get(addition.name, ()), addition.form or addition.name)
    return replace(vocabulary, level3={**vocabulary.level3, addition.below: names})


def _label(vocabulary: Vocabulary, addition: Addition) -> Vocabulary:
    assert addition.form is not None
    if addition.name not in vocabulary.labels:
        raise _unknown(addition)
    own = vocabulary.own_labels
    forms = {key: (*label.forms, *own.get(key, ())) for key, label in vocabulary.labels.items()}
    _checked(vocabulary.names(forms), addition, addition.name)
    taught = {**own, addition.name: (*own.get(addition.name, ()), addition.form)}
    return replace(vocabulary, own_labels=taught)


def _column(vocabulary: Vocabulary, addition: Addition) -> Vocabulary:
    columns = {column.part: column for column in vocabulary.indicator_columns}
    column = columns.get(addition.name)
    if column is None:
        raise _unknown(addition)
    _checked(vocabulary.indicator_headers, addition, column.part)
    columns[column.part] = column.model_copy(update={"aliases": (*column.aliases, addition.form)})
    return replace(vocabulary, indicator_columns=tuple(columns.values()))


def _unit(vocabulary: Vocabulary, addition: Addition) -> Vocabulary:
    units = {unit.name: unit for unit in vocabulary.units}
    _checked(vocabulary.names({u.name: u.forms for u in vocabulary.units}), addition, addition.name)
    if addition.kind is not None:
        units[addition.name] = Unit(name=addition.name, kind=addition.kind)
    elif addition.name in units:
        unit = units[addition.name]
        units[unit.name] = unit.model_copy(update={"aliases": (*unit.aliases, addition.form)})
    else:
        raise _unknown(addition)
    return replace(vocabulary, units=tuple(units.values()))


_EXTEND: Mapping[Group, Callable[[Vocabulary, Addition], Vocabulary]] = {
    "level1": _level1,
    "level2": _level2,
    "level3": _level3,
    "labels": _label,
    "columns": _column,
    "units": _unit,
}
