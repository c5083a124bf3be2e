"""The rules data file: which sums must come out in which family."""

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["hard", "firm", "soft"]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SumRule(_Data):
    """`total` equals the sum of `parts`: keys of fields, or patterns of column paths; blank is 0."""

    rule: str
    title: str
    severity: Severity
    families: tuple[str, ...]
    total: str
    parts: tuple[str, ...]


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


class Rules(_Data):
    source: str
    sums: tuple[SumRule, ...]
    rows: tuple[SumRule, ...]
    plan: tuple[str, ...]
    tree_families: tuple[str, ...]
    check_character: CheckCharacter


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """The rules that come with the package."""
    path = files("shenbao.mapping") / "data" / "rules.json"
    return Rules.model_validate_json(path.read_text("utf-8"))
