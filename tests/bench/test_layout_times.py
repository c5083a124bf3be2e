"""The layout's times and memory: their pure parts."""

import numpy as np
import pytest
from bench.layout import STEPS, at_dpi, exponent, report
from bench.record import forget_peak, peak_since_mib, resident_mib
from PIL import Image


def test_exponent_of_linear_and_square_growth() -> None:
    pixels = [1e6, 4e6, 9e6]
    assert exponent(pixels, [0.1, 0.4, 0.9]) == pytest.approx(1)
    assert exponent(pixels, [1, 16, 81]) == pytest.approx(2)


def test_a_page_comes_at_its_dpi() -> None:
    import io

    picture = Image.open(io.BytesIO(at_dpi(Image.new("RGB", (827, 1169)), 50)))
    assert max(picture.size) == pytest.approx(11.69 * 50, abs=1)
    assert picture.info["dpi"][0] == pytest.approx(50, abs=0.1)


def test_report_has_every_step() -> None:
    times = {dpi: {step: [0.001 * dpi**2] for step in (*STEPS, "turn", "total")} for dpi in (100, 200)}
    text = report(times, {100: 20.0, 200: 80.0}, 1)
    assert "to the power 1.00" in text
    assert "| grids | 10000.0 / 10000.0 | 40000.0 / 40000.0 |" in text
    assert "| memory above the page, MiB | 20 | 80 |" in text


def test_peak_is_forgotten() -> None:
    try:
        forget_peak()
    except OSError:
        pytest.skip("only Linux can")
    before = resident_mib()
    held = np.ones(30 * 2**20, np.uint8)
    del held
    assert 25 < peak_since_mib() - before < 60
    forget_peak()
    assert peak_since_mib() - resident_mib() < 25
