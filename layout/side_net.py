"""Sides of cells as a small network sees them: drawn or not, where the rules over traces may err.

Four convolutions over a side's picture and one layer over the facts around it (`side_pictures`), 53,000 weights,
trained on the sides of invented forms whose truth is known (bench/sides/). OpenCV runs it.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from shenbao.layout.faces import Sides
from shenbao.layout.networks import KnownNetwork, known, opened
from shenbao.layout.paled import PRESENT
from shenbao.layout.side_pictures import Lattice, Support, facts_of, lattices, picture_of
from shenbao.models.stages import Rulings

HALF = 0.5
"""Probability that is enough, both ways, for a side of an edge that the rules took for none, and for one under a streak
or star, of which they measured nothing. One of these of which no neighbour knows anything is added by the usual bound:
the streak or star itself looks like a side."""

Place = tuple[int, int]
"""A line, and a side on it."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class KnownSides(KnownNetwork):
    """Schema of `data/sides.json`: the file of the network and its bounds.

    Sides of which the rules measured a support above 0 and up to `doubtful` are asked for, and all of a table of which
    any is broken. `absent` is the probability of being drawn below which the network takes a side for none, and `drawn`
    that from which it takes it for one; between them the rules are followed.
    """

    doubtful: Share
    absent: Share
    drawn: Share


@cache
def known_network() -> KnownSides:
    return known(KnownSides, "sides.json")


def weighed(
    measured: Sides,
    told: Sides,
    xs: list[float],
    ys: list[float],
    rulings: Rulings,
    broken: float,
    doubted: Collection[float] = (),
) -> Sides:
    """The sides of a finest grid, those that the network is sure of as it says.

    Args:
        measured: how far each side is drawn by what is seen of it.
        told: the same after its neighbours told what is hidden.
        xs, ys: the edges of columns and rows in pixels of the flat page.
        rulings: the page's rulings; without its picture nothing is asked for.
        broken: share (0 to 1) of the sides that are not drawn beyond doubt.
        doubted: edges that the rules took for none, whose sides are as the network alone says.

    Raises:
        ValueError: the network's file is altered.
    """
    if rulings.across.dark is None:
        return told
    across, down = (
        _seen(lattice, rulings, broken, doubted) for lattice in lattices(measured, told, xs, ys, rulings)
    )
    return Sides(across, down.T, told.kept, told.lengths)


def _seen(lattice: Lattice, rulings: Rulings, broken: float, doubted: Collection[float]) -> Support:
    """How far the sides of one direction are drawn, (lines, sides).

    Where any side is broken the network is asked for all: another that the rules are sure of may be, too.
    """
    places = [(int(i), int(j)) for i, j in np.argwhere(_inner(lattice, doubted, broken > 0.0))]
    found, known = lattice.told.copy(), known_network()
    for (i, j), share in zip(places, asked(places, lattice, rulings, broken).tolist(), strict=True):
        drawn, alone = found[i, j] >= PRESENT, lattice.lines[i] in doubted
        hidden = np.isnan(lattice.measured[i, j])
        if drawn and share < (HALF if hidden or alone else known.absent):
            found[i, j] = PRESENT * share
        elif not drawn and share >= (HALF if alone or hidden and found[i, j] else known.drawn):
            found[i, j] = PRESENT + (1.0 - PRESENT) * share
    return found


def asked(places: Sequence[Place], lattice: Lattice, rulings: Rulings, broken: float) -> NDArray[np.float64]:
    """The probabilities of being drawn of some of a lattice's sides; `broken` as in `weighed`."""
    if not places:
        return np.empty(0)
    h = rulings.char_height
    pictures = np.stack([picture_of(lattice, i, j, h) for i, j in places])
    facts = np.array([facts_of(lattice, i, j, h, broken, rulings.dashed) for i, j in places], np.float32)
    return probabilities(pictures, facts)


def _inner(lattice: Lattice, doubted: Collection[float], every: bool) -> NDArray[np.bool_]:
    """The sides that the network is asked for: those that the rules are in doubt of, or `every` one; but not a table's
    outer ones, which are always drawn."""
    measured = np.nan_to_num(lattice.measured, nan=PRESENT)
    wanted = (measured != 0.0) & (measured <= known_network().doubtful)
    wanted |= lattice.told != lattice.measured  # also where nothing was measured
    for i, at in enumerate(lattice.lines):
        wanted[i] |= every or at in doubted
    wanted[[0, -1]] = False
    return np.asarray(wanted, np.bool_)


def probabilities(pictures: NDArray[np.uint8], facts: NDArray[np.float32]) -> NDArray[np.float64]:
    """For each side the probability that it is drawn.

    Args:
        pictures: of shape (n, 3, ROWS, COLUMNS), facts: of shape (n, FACTS), as `side_pictures` gives them.

    Raises:
        ValueError: the network's file is altered.
    """
    if not len(facts):
        return np.empty(0)
    net = opened(known_network())
    net.setInput(pictures.astype(np.float32) / np.float32(255.0), "picture")
    net.setInput(facts, "facts")
    return 1.0 / (1.0 + np.exp(-np.asarray(net.forward(), np.float64)[:, 0]))
