"""What a form that was corrected in review can teach the vocabulary, once somebody has confirmed it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shenbao.errors import UsageError
from shenbao.mapping.additions import Addition, Additions, Group, with_addition
from shenbao.mapping.folding import fold
from shenbao.mapping.values import ValueGrammar
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import CellRef, Field, Indicator, Record


@dataclass(frozen=True)
class Proposal:
    """A form that the vocabulary lacks: `form` is printed for `name`, or `name` itself is new (`form` None).

    `below` is the second level of a third one; `cells` say where it stands.
    """

    group: Group
    name: str
    form: str | None
    below: str = ""
    cells: tuple[CellRef, ...] = ()


def proposals(record: Record, vocabulary: Vocabulary) -> list[Proposal]:
    """What a record teaches whose texts and values a reviewer has put right, each once.

    A text that is still printed otherwise than the value it was given is another form of that value: a
    name of the first or second level, a unit. A third level that is not known below its second is a new
    name. A label that was found only nearly, or by its place, is another form of the field's. Nothing is
    learnt from this alone: see `taught`.
    """
    found: dict[tuple[Group, str, str | None, str], Proposal] = {}
    grammar = ValueGrammar(vocabulary.units, vocabulary.operators)
    for indicator in record.indicators:
        for proposal in _of_indicator(indicator, vocabulary, grammar):
            found.setdefault((proposal.group, proposal.name, proposal.form, proposal.below), proposal)
    for key, field in record.fields.items():
        for proposal in _of_label(key, field, vocabulary):
            found.setdefault((proposal.group, proposal.name, proposal.form, proposal.below), proposal)
    return list(found.values())


def taught(
    vocabulary: Vocabulary, additions: Additions, proposal: Proposal, *, by: str, source: str, when: datetime
) -> Additions:
    """The additions with a proposal that `by` has confirmed; `source` names the form it was seen on.

    `vocabulary` is the package's, without additions; `when` has a time zone.

    Raises:
        UsageError: it is known by now, or contradicts another name; nobody is named.
    """
    if not by.strip():
        raise UsageError("an addition from a review needs the name of who confirmed it")
    addition = Addition(
        group=proposal.group,
        name=proposal.name,
        form=proposal.form,
        below=proposal.below,
        source=source,
        by=by,
        added=when,
    )
    return with_addition(vocabulary, additions, addition)


def _of_indicator(item: Indicator, vocabulary: Vocabulary, grammar: ValueGrammar) -> Iterator[Proposal]:
    firsts = {entry.name: entry.forms for frame in vocabulary.frames for entry in frame.level1}
    seconds = {
        child.name: child.forms
        for frame in vocabulary.frames
        for entry in frame.level1
        for child in entry.children
    }
    yield from _other_form("level1", item.level1, firsts)
    yield from _other_form("level2", item.level2, seconds)
    if item.level3 and item.level3.text.strip() and item.level2 and item.level2.value in seconds:
        below = item.level2.value
        known = vocabulary.knows_level3(item.level3.text, below)
        placeholder = fold(item.level3.text) in vocabulary.placeholders
        if not known and not placeholder:
            yield Proposal("level3", item.level3.text.strip(), None, below, tuple(item.level3.cells))
    unit = item.unit
    if unit and unit.text.strip() and unit.value != unit.text and grammar.unit_value(unit.text) is None:
        units = {known.name: known.forms for known in vocabulary.units}
        yield from _other_form("units", unit, units)


def _other_form(group: Group, field: Field | None, names: dict[str, tuple[str, ...]]) -> Iterator[Proposal]:
    """A printed form of a known name that is none of the forms that are known."""
    if field is None or field.value not in names or not field.text.strip():
        return
    if fold(field.text) not in {fold(form) for form in names[field.value]}:
        yield Proposal(group, field.value, field.text.strip(), cells=tuple(field.cells))


def _of_label(key: str, field: Field, vocabulary: Vocabulary) -> Iterator[Proposal]:
    label = field.label.strip().rstrip(":：")
    if key not in vocabulary.labels or not label:
        return
    own = vocabulary.own_labels.get(key, ())
    names = vocabulary.names({key: (*vocabulary.labels[key].forms, *own, field.name)})
    if names.exact(label) is None:
        yield Proposal("labels", key, label, cells=tuple(field.cells))
