"""Texts that forms print often: labels, headers, names of levels and third-level names, units, set words."""

from collections.abc import Iterator
from functools import lru_cache

from shenbao.mapping.vocabulary import Vocabulary, load_vocabulary


@lru_cache(maxsize=4)
def known_texts(vocabulary: Vocabulary | None = None) -> frozenset[str]:
    """The printed forms of a vocabulary, the packaged one if none is given, without blanks."""
    return frozenset("".join(text.split()) for text in _texts(vocabulary or load_vocabulary()))


def _texts(vocabulary: Vocabulary) -> Iterator[str]:
    for named in (*vocabulary.labels.values(), *vocabulary.indicator_columns, *vocabulary.line_columns):
        yield from named.forms
    for frame in vocabulary.frames:
        for first in frame.level1:
            yield from first.forms
            for second in first.children:
                yield from second.forms
    for names in vocabulary.level3.values():
        for forms in names.values():
            yield from forms
    for forms in vocabulary.own_labels.values():
        yield from forms
    for unit in vocabulary.units:
        yield from unit.forms
    words = vocabulary.words
    yield from (*words.placeholders, *words.values, *words.basis, *words.headings, *words.budget)
    codes = vocabulary.codes
    yield from (code.name for code in (*codes.functional, *codes.economic, *codes.procurement))
