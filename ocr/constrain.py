"""A line read again under the knowledge of what kind of thing stands there.

Bayes' rule over the strings that the lattice can give. Each string has its probability under the
recogniser, and a meaning under the kind's rule: the texts of that kind that it may stand for, with
weights (`二` in an operator cell is nearly always a `=`). What has no meaning there is not thrown
away: it stays a candidate, at the share of cells of that kind that do hold something else. So where
the recogniser saw little that fits, the probability of what fits stays low.

The rules are data, `data/kinds.json`. The weights of operators were set by hand after what the
recogniser gave for 217 real and 540 drawn operators in good and bad crops, and how often each operator
is printed; those of the other kinds are judgement. None is a fitted calibration.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import product
from math import exp, prod
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator

from shenbao.models.document import Candidate, Probability
from shenbao.models.stages import Lattice, Reading
from shenbao.ocr.brackets import FAINTER
from shenbao.ocr.decode import LineScores, n_best

LEAST_SHARE = 1e-4
"""Candidates with a smaller share are left out."""

LEAST_SEEN = 1e-5
"""Probability that a text has at least of a line that gave no character: less is nothing that the recogniser saw."""

MOST_VARIANTS = 16
"""Replacements of look-alikes that are tried for one string, at most."""


class Kind(StrEnum):
    """What kind of thing a line holds."""

    OPERATOR = "operator"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    UNIT = "unit"
    MONTH = "month"
    PERIOD = "period"
    CODE = "code"
    FREE = "free"


_POINT_LOST = re.compile(r"(-?\d{1,3}(?:,\d{3})+|-?\d+)[ ,，]+(\d\d)")
"""An amount where a blank or a comma stands in the decimal point's place: on a fax a point of one or two dots is lost
and leaves its room. A comma of thousands has three digits behind. Of 12 drawn faxes one had 4 amounts read with a
blank there, and each had its point."""

_DASH_LOST = re.compile(r"(20\d\d年(?:\d\d?月(?:\d\d?日)?)?)(20\d\d年.*)")
"""Two dates with nothing between: on faxes a dash is a row of dots, or nothing."""

Meanings = dict[str, float]
"""Texts that a string may stand for, each with the probability that it does; at most 1 together."""


class KindRule(BaseModel):
    """What can stand in a cell of one kind.

    `pattern` (regular expression) and `texts` (closed list) say what fits, blanks left out. `shares` tells how often
    each of the texts is printed, of kinds that a line which gave no character is still taken for.
    `spellings` and `characters` give the meanings of whole strings and of single characters that
    the recogniser gives instead. `specks` are marks that, at either end, are dirt with the
    probability `speck`. `lost_point` is the probability that a blank or comma before the last two digits of an
    amount is what was seen of its decimal point; `lost_dash` that two dates in one text had a dash between. `outside` is the share of such cells that hold something else.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    outside: Probability
    pattern: str | None = None
    texts: tuple[str, ...] = ()
    shares: dict[str, Probability] = {}
    spellings: dict[str, Meanings] = {}
    characters: dict[str, Meanings] = {}
    specks: str = ""
    speck: Probability = 1.0
    lost_point: Probability = 0.0
    lost_dash: Probability = 0.0

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"no regular expression: {error}") from error
        return pattern

    @model_validator(mode="after")
    def _weights_are_probabilities(self) -> Self:
        for read, meanings in (self.spellings | self.characters).items():
            if min(meanings.values()) < 0 or sum(meanings.values()) > 1 + 1e-9:
                raise ValueError(f"the weights of {read!r} are no probabilities: {meanings}")
        return self

    def fits(self, text: str) -> bool:
        """Whether a text, without blanks, is of this kind."""
        return text in self.texts or (
            self.pattern is not None and re.fullmatch(self.pattern, text) is not None
        )


class KindRules(RootModel[dict[Kind, KindRule]]):
    """Schema of `data/kinds.json`: one rule for every kind."""

    root: dict[Kind, KindRule] = Field(...)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = set(Kind) - set(self.root)
        if missing:
            raise ValueError(f"no rule for {sorted(missing)}")
        return self


@cache
def kind_rules() -> KindRules:
    """The packaged rules."""
    return KindRules.model_validate_json(files("shenbao.ocr").joinpath("data/kinds.json").read_text("utf-8"))


@dataclass(frozen=True)
class Constrained:
    """The likeliest text that was read, its probability, and all candidates, adding up to 1.

    The first candidate is the text, the others follow likeliest first. `fits` says whether the text
    is of the kind that was asked for. A candidate "" also stands for all that no string was tried
    for; so it may be likelier than the text.
    """

    text: str
    probability: float
    candidates: tuple[Candidate, ...]
    fits: bool


def constrain(reading: Reading, kind: Kind, official: str | None = None) -> Constrained:
    """A reading under a constraint. Texts of every kind but `free` come without blanks.

    Of free text only brackets are weighed anew, where `official` is the text with those of a document's number
    (`brackets.official_lines`). Its probability is that of the string over all paths. A reading without a lattice, as an empty picture gives, is taken as it is.
    """
    if reading.lattice is None:
        probability = prod(char.probability for char in reading.chars)
        only = Candidate(text=reading.text, probability=1.0)
        return Constrained(reading.text, probability, (only,), kind_rules().root[kind].fits(reading.text))
    lattices = [reading.lattice, *(look.lattice for look in reading.looks if look.lattice is not None)]
    if kind is Kind.FREE:
        return _free(reading.text, official, lattices)
    return _fitted(reading.text, lattices, kind_rules().root[kind])


def silent(lattices: Sequence[Lattice], kind: Kind) -> tuple[Candidate, ...]:
    """What a line may hold that gave no character, likeliest first, if it is of a kind with `shares`: ink that is no
    character stands for a broken sign where there is one in every row."""
    shares = kind_rules().root[kind].shares
    if not shares or not lattices:
        return ()
    seen = _strings(lattices, tuple(shares))
    weighed = {text: shares[text] * max(seen.get(text, 0.0), LEAST_SEEN) for text in shares}
    whole = sum(weighed.values())
    ranked = sorted(weighed.items(), key=lambda item: -item[1])
    return tuple(Candidate(text=text, probability=mass / whole) for text, mass in ranked)


def _free(text: str, official: str | None, lattices: Sequence[Lattice]) -> Constrained:
    # A text that no look can give, put there by something other than the recogniser, has no probability of its own.
    strings = {text: 0.0} | _strings(lattices, [text] if official is None else [text, official])
    if official in strings:
        strings |= _weighed(text, official, strings)
        text = max(text, official, key=strings.__getitem__)
    return Constrained(text, strings[text], _ranked(strings, text), True)


def _weighed(text: str, official: str, strings: Mapping[str, float]) -> dict[str, float]:
    """What two texts have together, dealt out for how faint the recogniser sees the brackets of the second."""
    changed = sum(a != b for a, b in zip(text, official, strict=True))
    plain, other = strings[text], FAINTER ** (changed / 2) * strings[official]
    both = strings[text] + strings[official]
    share = other / (plain + other) if both else 0.0
    return {text: both * (1.0 - share), official: both * share}


def _fitted(text: str, lattices: Sequence[Lattice], rule: KindRule) -> Constrained:
    strings = _strings(lattices, [*rule.texts, *rule.spellings])
    inside: dict[str, float] = {}
    outside: dict[str, float] = {}
    for string, mass in strings.items():
        meanings = meanings_of(string, rule)
        for meant, weight in meanings.items():
            inside[meant] = inside.get(meant, 0.0) + mass * weight
        rest = mass * max(0.0, 1.0 - sum(meanings.values())) * rule.outside
        bare = "" if rule.fits(_bare(string)) else string
        outside[bare] = outside.get(bare, 0.0) + rest
    read = {c: inside.get(c, 0.0) + outside.get(c, 0.0) for c in inside | outside}
    best = max(read, key=lambda c: read[c])
    unseen = max(0.0, 1.0 - sum(strings.values())) * rule.outside
    stand_in = "" if rule.fits(_bare(text)) else text
    shares = {**read, stand_in: read.get(stand_in, 0.0) + unseen}
    candidates = _ranked(shares, best)
    return Constrained(best, candidates[0].probability, candidates, rule.fits(best))


def _strings(lattices: Sequence[Lattice], listed: Sequence[str]) -> dict[str, float]:
    """Strings that a line may hold, with their probabilities: the n best of each look, and those listed.

    The probability is the mean over the looks. Listed strings of characters that no look saw are left out.
    """
    best = [dict(n_best(lattice)) for lattice in lattices]
    looks = [LineScores(lattice) for lattice in lattices]
    held = frozenset[str]().union(*(look.chars for look in looks))
    tried = [string for string in listed if held.issuperset(string)]
    total = dict.fromkeys([*tried, *(string for found in best for string in found)], 0.0)
    for look, found in zip(looks, best, strict=True):
        # The beam's probabilities are too low by the paths that it dropped: they do for the runners-up only.
        exact = [string for string in total if string not in found or string in tried]
        scored = dict(zip(exact, map(exp, look.forward(exact)), strict=True))
        for string, p in {**found, **scored}.items():
            total[string] += min(1.0, p) / len(looks)
    return total


def meanings_of(string: str, rule: KindRule) -> Meanings:
    """What a string that was read may stand for in a cell of this kind; empty where nothing fits."""
    bare = _bare(string)
    if bare in rule.spellings:
        return rule.spellings[bare]
    if rule.lost_point and (amount := _POINT_LOST.fullmatch(string.strip())):
        pointed, plain = f"{amount[1]}.{amount[2]}", 1.0 - rule.lost_point
        return {pointed: rule.lost_point} | ({bare: plain} if rule.fits(bare) else {})
    if rule.lost_dash and (dates := _DASH_LOST.fullmatch(bare)):
        return {f"{dates[1]}-{dates[2]}": rule.lost_dash, bare: 1.0 - rule.lost_dash}
    found: Meanings = {}
    for text, weight in _variants(bare, rule).items():
        if rule.fits(text):
            found[text] = found.get(text, 0.0) + weight
            continue
        core = text.strip(rule.specks) if rule.specks else text
        if core != text and rule.fits(core):
            found[core] = found.get(core, 0.0) + weight * rule.speck
    return found


def _variants(bare: str, rule: KindRule) -> Meanings:
    """The string itself where it fits, else the string with its look-alikes replaced."""
    if rule.fits(bare):
        return {bare: 1.0}
    choices = [list(rule.characters.get(char, {char: 1.0}).items()) for char in bare]
    if prod(len(choice) for choice in choices) > MOST_VARIANTS:
        return {bare: 1.0}
    found: Meanings = {}
    for combination in product(*choices):
        text = "".join(char for char, _ in combination)
        found[text] = found.get(text, 0.0) + prod(weight for _, weight in combination)
    return found


def _bare(string: str) -> str:
    return "".join(string.split())


def _ranked(shares: dict[str, float], best: str) -> tuple[Candidate, ...]:
    """Candidates with their shares of the whole: the best first, the others likeliest first."""
    least = LEAST_SHARE * sum(shares.values())
    kept = {text: share for text, share in shares.items() if share > least or text == best}
    whole = sum(kept.values())
    ranked = sorted(kept.items(), key=lambda item: (item[0] != best, -item[1]))
    return tuple(Candidate(text=text, probability=min(1.0, share / whole)) for text, share in ranked)
