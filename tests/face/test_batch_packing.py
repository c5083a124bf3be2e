"""Pages as bytes and back."""

import numpy as np

from shenbao.batch.packing import pack_page, unpack_page
from shenbao.models.stages import Lattice, ReadLine
from shenbao.ocr.decode import greedy

ALPHABET = ("", *(chr(0x4E00 + k) for k in range(5000)))


def line(number: int) -> ReadLine:
    lattice = Lattice(np.array([[number, 0]], np.int32), np.array([[0.9, 0.1]], np.float32), ALPHABET)
    return ReadLine((0.0, 0.0, 10.0, 10.0), greedy(lattice))


def test_lattices_come_back_as_they_were() -> None:
    lines = [line(n) for n in (3, 4999)]
    found = unpack_page(pack_page(lines))
    assert found == lines
    for before, after in zip(lines, found, strict=True):
        old, new = before.reading.lattice, after.reading.lattice
        assert old is not None and new.alphabet == ALPHABET
        assert new.classes.dtype == np.int32 and np.array_equal(new.classes, old.classes)
        assert new.probabilities.dtype == np.float32 and np.array_equal(new.probabilities, old.probabilities)
    assert found[0].reading.lattice.alphabet is found[1].reading.lattice.alphabet


def test_the_alphabet_is_sent_once() -> None:
    one, many = (len(pack_page([line(n) for n in range(1, 1 + count)])) for count in (1, 100))
    assert one > 4000 and many < 1.5 * one
