"""Doubtful characters told by the words that they make: 政府采购合间 is 合同, for there is no 合间.

On damaged paper the recogniser takes 同 for 间 and 影 for 彩, and gives what is printed a hundredth or a thousandth.
How often words stand in running text makes up for that, by Bayes' rule: a text weighs as much as the likeliest way to
cut it into words, which are those of a general list (`data/words.txt`), those that forms print and those that are read
surely elsewhere in the table. What the words add is bounded by the odds that known texts have (`lexicon.json`), so
what the recogniser is sure of stays. Only a Chinese character takes another's place, or one that was lost comes back.
Numerals, and characters that part what stands side by side, as 上年 and 本年, are never told so.

Of 2,894 cells of copies and faxes that nothing was told from 257 were wrong without it, 26 of these were right with it, and
1 the other way round. Of 1,613 cells with a doubtful character, of all levels, it won 59 and lost 1. Without the general list it
was 25 and 20, without what forms and the table print 55 and 6. With the right to leave characters out 62 were won and
14 lost; where common characters that make no word were likelier too, it spoiled more of what stays wrong.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files
from math import inf, log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from shenbao.models.stages import Reading
from shenbao.ocr.decode import LineScores, n_best
from shenbao.ocr.lexicon import Recognised, lexicon_rules, whole_looks
from shenbao.ocr.sentences import Change, Tried, stops

DOUBTFUL = 0.98
"""A character that is less probable may be another one."""

SURE = 0.9
"""Probability of its weakest character from which a cell's words are taken for words of its table."""

WRECKED = 0.75
"""Share of characters that are doubtful from which a text is left: its words would be guessed."""

SEEN = 1e-4
"""Least probability of a character in place of another."""

PRINTED, OWN = -7.5, -9.0
"""Logarithm of how often a form prints a text that is known, and one that its table has elsewhere."""

ALONE, UNHEARD = -13.0, -18.6
"""That of a character that stands alone, at most, and of one which the list does not hold. A common character is no
likelier for being so: it has to make a word."""

PER_CHARACTER = 4.5
"""What a character more is worth: so much a word's logarithm falls with each of its characters."""

LONGEST = 16
"""Characters of the longest phrase that counts as a word."""

FOUND = 12
"""Places at which another way to read a line may differ, at most: with more it is no reading of it."""

ROUNDS, MOST = 4, 80
"""Characters that are put right in one text, and other texts that are tried for each, at most."""

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_APART = frozenset("零〇一二两三四五六七八九十百千万亿上下本前后左右东南西北正副甲乙丙丁")
"""Characters that tell apart what is printed side by side: any of them makes a word."""


@cache
def _listed() -> Mapping[str, float]:
    """The words of the packaged list with the logarithms of their shares of running text."""
    lines = files("shenbao.ocr").joinpath("data/words.txt").read_text("utf-8").splitlines()
    counts = {word: int(n) for word, n in (line.split() for line in lines if not line.startswith("#"))}
    whole = log(sum(counts.values()))
    shares = {word: log(n) - whole for word, n in counts.items()}
    return {word: min(share, ALONE) if len(word) == 1 else share for word, share in shares.items()}


class Words:
    """What texts weigh by their words: those of the packaged list, the known texts, and a table's own."""

    def __init__(self, known: AbstractSet[str], own: Iterable[str]) -> None:
        self._listed = _listed()
        alike = lexicon_rules().look_alikes.keys()
        own = (text for text in own if alike.isdisjoint(text))  # they would vouch for themselves
        self._phrases = dict.fromkeys(_runs(own), OWN) | dict.fromkeys(_runs(known), PRINTED)
        self._weighed: dict[str, float] = {}

    def weight(self, text: str) -> float:
        """Logarithm of how likely print has this text, up to a constant; only Chinese characters count."""
        return sum(self._run(match.group()) for match in _HAN.finditer(text))

    def _run(self, run: str) -> float:
        if run not in self._weighed:
            self._weighed[run] = self._likeliest(run) + PER_CHARACTER * len(run)
        return self._weighed[run]

    def _likeliest(self, run: str) -> float:
        """Logarithm of the probability of the likeliest way to cut a run of characters into words."""
        best = [0.0] + [-inf] * len(run)
        for start in range(len(run)):
            for end in range(start + 1, min(len(run), start + LONGEST) + 1):
                word = run[start:end]
                least = UNHEARD if end == start + 1 else -inf
                weight = max(self._listed.get(word, least), self._phrases.get(word, least))
                best[end] = max(best[end], best[start] + weight)
        return best[-1]


def _runs(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for match in _HAN.finditer(text):
            if 2 <= len(match.group()) <= LONGEST:
                yield match.group()


def is_sure(readings: Sequence[Reading]) -> bool:
    """Whether what a cell's lines say may be taken for words of its table."""
    return min((reading.weakest for reading in readings), default=0.0) >= SURE


def by_words(readings: Sequence[Reading], read: str, words: Words) -> Recognised | None:
    """What the lines of a cell say, with doubtful characters told by the words that they make; None where that is `read`.

    Args:
        readings: the lines of the cell.
        read: their text, as it was chosen up to now.
        words: what texts weigh.
    """
    if (other := _look_alike(read, words)) is not None and (looks := whole_looks(readings)):
        share = 1.0 / lexicon_rules().odds_look_alike
        shown = float(_shown([read], [LineScores(look) for look in looks])[0])
        return Recognised(other, shown * (1.0 - share), shown * share)
    doubtful = [char.probability < DOUBTFUL for reading in readings for char in reading.chars]
    if not any(doubtful) or sum(doubtful) > max(1.0, WRECKED * len(doubtful)):
        return None
    looks = whole_looks(readings)
    if not looks:
        return None
    scores = [LineScores(look) for look in looks]
    seen = list(dict.fromkeys(text for look in looks for text, _ in n_best(look)))
    found = Recognised(read, float(_shown([read], scores)[0]), 0.0)
    for _ in range(ROUNDS):
        places = _places(found.text, readings, seen)
        tried = [*_by_words(found.text, places, words), *stops(found.text, places)]
        better = _better(found, tried, scores)
        if better is None:
            break
        found = better
    return None if found.text == read else found


def _look_alike(text: str, words: Words) -> str | None:
    """The text with those characters instead that some of its own are taken for in bold print, though the recogniser
    does not see it: 财政披款 is 拨款. None where that makes no words of what was none."""
    rules = lexicon_rules()
    other = "".join(rules.look_alikes.get(char, char) for char in text)
    if other == text or words.weight(other) - words.weight(text) < log(rules.odds_free):
        return None
    return other


def _shown(texts: Sequence[str], scores: Sequence[LineScores]) -> NDArray[np.float64]:
    """The probabilities of texts, each the mean over the looks."""
    return np.asarray(np.exp([look.forward(texts) for look in scores]).mean(axis=0), np.float64)


def _by_words(text: str, places: Sequence[Change], words: Words) -> list[Tried]:
    """Other texts that weigh more by their words, with the logarithms of how much likelier that makes them, at most
    `odds_free` of `lexicon.json`."""
    weight, most = words.weight(text), log(lexicon_rules().odds_free)
    found = []
    for start, end, new in places:
        if _may_be(text[start:end], new):
            other = text[:start] + new + text[end:]
            if (gain := words.weight(other) - weight) > 0:
                found.append((other, min(gain, most)))
    return found[:MOST]


def _better(found: Recognised, tried: Sequence[Tried], scores: Sequence[LineScores]) -> Recognised | None:
    """The best of other texts by what the looks tell and how much likelier they are beforehand, where it is likelier than
    what is `found`.

    The two share what they have together: what else the lines may say is as probable as before.
    """
    if not tried:
        return None
    shown = _shown([found.text, *(other for other, _ in tried)], scores)
    weighed = shown[1:] * np.exp([gain for _, gain in tried])
    best = int(weighed.argmax())
    if weighed[best] <= shown[0]:
        return None
    both = min(1.0, found.probability + float(shown[1 + best]))
    share = float(weighed[best] / (weighed[best] + shown[0]))
    return Recognised(tried[best][0], both * share, found.left or both * (1.0 - share))


def _places(text: str, readings: Sequence[Reading], seen: Sequence[str]) -> list[Change]:
    """Where other ways to read the lines differ from a text."""
    found: dict[Change, None] = {}
    for other in seen:
        steps = [step for step in Levenshtein.opcodes(text, other) if step.tag != "equal"]
        if len(steps) <= FOUND:
            for step in steps:
                found[step.src_start, step.src_end, other[step.dest_start : step.dest_end]] = None
    chars = [char for reading in readings for char in reading.chars]
    if "".join(char.char for char in chars) == text:
        for place, char in enumerate(chars):
            for new, probability in char.alternates if char.probability < DOUBTFUL else ():
                if probability > SEEN:
                    found[place, place + 1, new] = None
    return list(found)


def _may_be(was: str, new: str) -> bool:
    """Whether Chinese characters may stand in place of others or of letters, which are not more, or where nothing was.

    Figures and signs stay.
    """
    told = _HAN.fullmatch(new) is not None and not _APART & set(was + new)
    return told and len(was) <= len(new) and (not was or was.isalpha())
