"""The rules data file: which sums must come out, and in which family or between which families."""

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

Severity = Literal["hard", "firm", "soft"]
Grouping = Literal["document", "record", "row", "column", "code", "name"]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Selector(_Data):
    """Amounts of one family: fields by their keys, or amounts of lines.

    `names`, `codes` and `columns` are patterns that the whole folded name or code of a line and the path
    of a column must fit; a line without a name or code has the empty one. `every` takes the amounts of
    all the records of the family together; otherwise a second record makes the selection ambiguous.
    """

    family: str
    fields: tuple[str, ...] = ()
    names: str | None = None
    codes: str | None = None
    columns: str | None = None
    every: bool = False


class Equation(_Data):
    """What is selected by `left` adds up to what is selected by `right`, once for every group.

    `by` says which amounts belong together: those of one record, row (line), column of one record, code
    or bare name of a line, or all of the document. `order` takes only those of the right side that stand
    above or below the left one.
    """

    rule: str
    title: str
    severity: Severity
    by: Grouping
    left: Selector
    right: Selector
    relation: Literal["=", "<="] = "="
    order: Literal["above", "below"] | None = None

    @model_validator(mode="after")
    def _groups_lines(self) -> "Equation":
        if self.by in ("row", "column", "code", "name") and (self.left.fields or self.right.fields):
            raise ValueError(f"{self.rule}: fields have no {self.by}")
        return self

    @property
    def crosses(self) -> bool:
        """Whether it compares two families."""
        return self.left.family != self.right.family


class Narrated(_Data):
    """An amount that the narrative names (`pattern` with the group `amount`, on folded text) and its table's."""

    rule: str
    title: str
    pattern: str
    selector: Selector


class CheckCharacter(_Data):
    """The last character of a project code: alphabet[(constant - sum(value(c_i) * base^(i-1))) mod n].

    Known to hold for codes that begin with one of `prefixes`; the alphabet is that of GB 32100.
    """

    alphabet: str
    length: int
    base: int
    constant: int
    prefixes: tuple[str, ...]

    def of(self, code: str) -> str | None:
        """The check character that the code should end with; None for a code with foreign characters."""
        body = code[: self.length - 1]
        if len(code) != self.length or any(char not in self.alphabet for char in body):
            return None
        total = sum(self.alphabet.index(char) * self.base**i for i, char in enumerate(body))
        return self.alphabet[(self.constant - total) % len(self.alphabet)]


class CodeForm(_Data):
    """A form of project codes: codes of which `known_by` fits the beginning must fit `pattern` whole."""

    rule: str
    title: str
    severity: Severity
    known_by: str
    pattern: str


class Rules(_Data):
    source: str
    equations: tuple[Equation, ...]
    narrated: tuple[Narrated, ...]
    plan: tuple[str, ...]
    tree_families: tuple[str, ...]
    tree_steps: dict[int, int]
    codes: tuple[CodeForm, ...]
    check_character: CheckCharacter


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """The rules that come with the package."""
    path = files("shenbao.mapping") / "data" / "rules.json"
    return Rules.model_validate_json(path.read_text("utf-8"))
