"""Tests of what the network of print under seals is shown, and of how it is asked."""

import numpy as np
import pytest
from drawn_marks import bare, form, round_seal, stamped
from drawn_pages import HEIGHT, flat_page

from shenbao.layout import seal_print
from shenbao.layout.seal_print import (
    AROUND,
    CHANNELS,
    known_network,
    pictures_of,
    print_below,
    spot_of,
)
from shenbao.models.stages import FlatMark

SHAPE = (1000, 1200)


def mark(x: float = 600.0, y: float = 500.0, shape: str = "round", degrees: float = 0.0) -> FlatMark:
    height = 300.0 if shape == "round" else 200.0
    return FlatMark("seal", shape, "grey", x, y, 300.0, height, degrees, 0.9)  # type: ignore[arg-type]


def test_a_spot_is_the_seal_and_its_surroundings() -> None:
    spot = spot_of(mark(), flat_page(bare()))
    rows, columns = spot.window
    reach = 150 + AROUND * HEIGHT
    assert (columns.start, rows.start) == (600 - reach, 500 - reach)
    middle = 500 - rows.start, 600 - columns.start
    assert spot.share[middle] == 0.0
    assert spot.inward[middle] == pytest.approx(150 / HEIGHT)
    assert spot.share[middle[0], middle[1] + 150] == pytest.approx(1.0)
    assert (spot.level[middle[0], -1], spot.upright[0, middle[1]]) == pytest.approx((1.0, -1.0))


@pytest.mark.parametrize(("shape", "share"), [("oval", 1.5), ("square", 1.5)])
def test_share_goes_by_the_outline(shape: str, share: float) -> None:
    spot = spot_of(mark(shape=shape, degrees=90.0), flat_page(bare()))
    middle = 500 - spot.y, 600 - spot.x
    assert spot.share[middle[0], middle[1] + 150] == pytest.approx(share, abs=0.01)
    assert spot.share[middle[0] + 150, middle[1]] == pytest.approx(1.0, abs=0.01)


def test_what_is_seen_are_bytes_of_all_channels() -> None:
    flat = flat_page(stamped(bare(), round_seal(SHAPE, 600, 500, 150), 70))
    spot = spot_of(mark(), flat)
    seen = pictures_of(spot, flat)
    assert seen.shape == (CHANNELS, *spot.share.shape) and seen.dtype == np.uint8
    assert (seen[0] == 255 - flat.grey[spot.window]).all()


@pytest.mark.parametrize("size", [HEIGHT * 8.0, HEIGHT * 8.0 + 3.0])
def test_the_answer_is_as_large_as_the_spot(size: float) -> None:
    flat = flat_page(form()[0])
    spot = spot_of(FlatMark("seal", "round", "grey", 610.0, 480.0, size, size, 0.0, 0.9), flat)
    below = print_below(spot, flat)
    assert below.shape == spot.share.shape
    assert below.min() >= 0.0 and below.max() <= 1.0


def test_print_without_a_seal_is_seen_as_print_and_paper_as_paper() -> None:
    page, _, _ = form()
    flat = flat_page(page)
    spot = spot_of(mark(480.0, 420.0), flat)
    below, dark = print_below(spot, flat), flat.grey[spot.window] < 100
    assert (below[dark] >= known_network().print_).mean() > 0.95
    assert (below[flat.grey[spot.window] == 255] < known_network().print_).mean() > 0.95


def test_an_altered_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = known_network().model_copy(update={"sha256": "0" * 64})
    monkeypatch.setattr(seal_print, "known_network", lambda: other)
    flat = flat_page(bare())
    with pytest.raises(ValueError, match="altered"):
        print_below(spot_of(mark(), flat), flat)
