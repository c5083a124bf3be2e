"""Texts that are the beginning or the end of one that forms print: the rest of it may have been lost without a trace."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from shenbao.models.plain import plain

_WORD = re.compile(r"[\u4e00-\u9fff]")

_Sorted = tuple[frozenset[str], Sequence[str], Sequence[str]]


def is_cut_short(text: str, known: AbstractSet[str]) -> bool:
    """Whether known texts begin or end with a text that is none itself."""
    bare = plain(text).rstrip(":")
    if not _WORD.search(bare):
        return False
    whole, forwards, backwards = _by_ends(frozenset(known))
    return bare not in whole and (_begins_one(forwards, bare) or _begins_one(backwards, bare[::-1]))


@lru_cache(maxsize=4)
def _by_ends(known: frozenset[str]) -> _Sorted:
    """The texts; sorted by their beginnings; reversed and sorted by their ends."""
    texts = frozenset(plain(text).rstrip(":") for text in known)
    return texts, sorted(texts), sorted(text[::-1] for text in texts)


def _begins_one(texts: Sequence[str], text: str) -> bool:
    at = bisect_right(texts, text)
    return at < len(texts) and texts[at].startswith(text)
