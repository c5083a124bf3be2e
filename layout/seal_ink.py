"""A seal's own ink taken off the page before it is read.

Coloured seals are faded when the page is flattened. A grey one, as copies and faxes have it, is told from the print
under and beside it by a network (`seal_print`).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shenbao.layout.seal_print import known_network, print_below, spot_of
from shenbao.models.stages import FlatMark, FlatPage

DARKER = 1.6
"""How much darker than print below a seal is seen it is left at most: the seal's ink over it made it darker."""


def without_seals(page: FlatPage, marks: Sequence[FlatMark]) -> FlatPage:
    """The page without the ink of its grey seals, which is entered as stain."""
    grey_seals = [m for m in marks if m.kind == "seal" and m.colour == "grey"]
    if not grey_seals:
        return page
    grey, strong, stain = page.grey.copy(), page.strong.copy(), page.stain.copy()
    for spot in (spot_of(seal, page) for seal in grey_seals):
        window = spot.window
        if not spot.share.size:
            continue
        below, inside = print_below(spot, page), spot.inside
        none = inside & (below < known_network().print_)
        stain[window][none & (strong[window] > 0)] = 255
        strong[window][none] = 0
        palest = np.clip(255 * (1 - DARKER * below), 0, 255).astype(np.uint8)
        grey[window][inside] = np.maximum(grey[window], palest)[inside]
    return replace(page, grey=grey, strong=strong, stain=stain)
