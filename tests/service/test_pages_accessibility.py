"""Contrast from the stylesheet's colours, names for every control, and an order of focus that is the page's own."""

import itertools
import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from service_uploads import picture, upload

from shenbao.service.pages.rendering import STATIC

LEAST_TEXT, LEAST_EDGE = 4.5, 3.0
"""Contrast that WCAG 2.2 AA asks of text (1.4.3), and of the outlines of controls and their focus (1.4.11)."""

TEXT = [
    *itertools.product(
        ("--text", "--dim", "--accent", "--bad"), ("--ground", "--panel", "--raised", "--accent-soft")
    ),
    ("--text", "--doubt"),
    ("--text", "--good-soft"),
    ("--text", "--bad-soft"),
    ("--dim", "--bad-soft"),
    ("--bad", "--bad-soft"),
    ("--good", "--good-soft"),
    ("--good", "--panel"),
    ("--doubt-edge", "--panel"),
    ("--doubt-edge", "--accent-soft"),
    ("--on-accent", "--accent"),
    ("--panel", "--text"),
]
EDGES = [
    *itertools.product(("--edge", "--accent"), ("--ground", "--panel")),
    ("--doubt-edge", "--doubt"),
    ("--bad", "--ground"),
]
PAGES = (
    "/documents", "/documents/1", "/documents/1/pages/1", "/review", "/review/groups", "/statistics",
    "/vocabulary", "/projects", "/projects/1", "/users", "/account", "/login",
)  # fmt: skip


def colours(scheme: str) -> dict[str, str]:
    """The variables of a scheme; the dark one stands twice, for the system's wish and for the switch."""
    css = (STATIC / "app.css").read_text("utf-8")
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", css)
    found = [dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6});", body)) for _, body in blocks]
    assert len(found) == 3
    assert found[1] == found[2]
    assert set(found[0]) == set(found[1])
    return found[0] if scheme == "light" else found[1]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, of `#rrggbb`."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_defined() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_controls_stand_out(scheme: str) -> None:
    known = colours(scheme)
    weak = {
        f"{a} on {b}": round(contrast(known[a], known[b]), 2)
        for pairs, least in ((TEXT, LEAST_TEXT), (EDGES, LEAST_EDGE))
        for a, b in pairs
        if contrast(known[a], known[b]) < least
    }
    assert weak == {}


class Controls(HTMLParser):
    """Collects controls without a name, pictures without a text, and what disturbs the order of focus."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.headings = 0
        self._labels = 0
        self._unnamed: list[tuple[str, str]] = []
        self._buttons: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        self.headings += tag == "h1"
        self._labels += tag == "label"
        if tag == "label" and given.get("for"):
            self.labelled.add(given["for"] or "")
        if (given.get("tabindex") or "0") not in ("0", "-1"):
            self.faults.append(f"tabindex of {tag}")
        if tag in ("img", "svg") and not {"alt", "aria-label", "aria-hidden"} & set(given):
            self.faults.append(f"{tag} without a text")
        shown = given.get("type") != "hidden" and "hidden" not in given
        named = self._labels or given.get("aria-label")
        if tag in ("input", "select", "textarea") and shown and not named:
            self._unnamed.append((given.get("id") or "", f"{tag} {given.get('name')}"))
        if tag in ("button", "a"):
            self._buttons.append([given.get("aria-label") or ""])

    def handle_endtag(self, tag: str) -> None:
        self._labels -= tag == "label"
        if tag in ("button", "a") and self._buttons and not "".join(self._buttons.pop()).strip():
            self.faults.append(f"{tag} without a name")

    def handle_data(self, data: str) -> None:
        for words in self._buttons:
            words.append(data)

    @property
    def all_faults(self) -> list[str]:
        unnamed = [name for own, name in self._unnamed if own not in self.labelled]
        twice = sorted({one for one in self.ids if self.ids.count(one) > 1})
        return [*self.faults, *(f"{n} without a label" for n in unnamed), *(f"id {t} twice" for t in twice)]


def test_every_control_has_a_name(client: TestClient) -> None:
    upload(client, picture())
    for path in PAGES:
        parser = Controls()
        text = client.get(path).text
        parser.feed(text)
        assert (path, parser.all_faults) == (path, [])
        assert '<main id="main"' in text
        if "pages/1" not in path and path != "/review":  # their heading comes with what is shown
            assert (path, parser.headings) == (path, 1)
    for address in ("/review/items", "/review/tiles"):
        parser = Controls()
        parser.feed(client.post(address, json={"count": 20}).text)
        assert parser.all_faults == []
