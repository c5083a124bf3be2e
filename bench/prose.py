"""python -m bench.prose TRUTH...: how well whole documents are read from start to end.

Reads the documents of `python -m bench.render.disclosure` and compares the lines outside tables with
their truth. Every figure is a share of truth lines (of all, where not said otherwise); a line that was not
found counts as wrong.

found   an output text stands in its place and has most of its words
order   it stands in the output's order: the longest run of lines, in the truth's order, that the output
        has in the same order (page numbers, running heads and print in charts have no order)
role    all output texts in its place have its role
level   of headings: the level is right, too
break   of neighbouring lines in order: the output tells rightly whether they are of one block
tables  share of tables that stand between the same two lines as in the truth
"""

import argparse
import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from shenbao import Reader
from shenbao.evaluation import normal
from shenbao.models.document import Document, Text

Json = Mapping[str, Any]

_MARKS = dict.fromkeys(map(ord, ".…·-—–_一"))
_ORDERED = frozenset({"title", "heading", "paragraph", "caption", "contents"})


@dataclass(frozen=True)
class Line:
    """A line of the truth and the output's texts in its place, each with its rank in the output's order."""

    truth: Json
    texts: tuple[tuple[int, Text], ...]

    @property
    def is_found(self) -> bool:
        joined = _words("".join(t.text for _, t in self.texts))
        return bool(joined) and fuzz.ratio(joined, _words(self.truth["text"])) >= 60.0

    @property
    def has_role(self) -> bool:
        return self.is_found and all(t.role == self.truth["role"] for _, t in self.texts)

    @property
    def rank(self) -> int | None:
        return self.texts[0][0] if self.is_found else None

    @property
    def block(self) -> int | None:
        return self.texts[0][1].block if self.is_found else None


def _words(text: str) -> str:
    """Text in plain form without leaders and the dashes beside a page number."""
    return normal.plain(text).translate(_MARKS)


@dataclass
class Shares:
    """Right ones and all, by measure; `confused` counts roles (truth, output)."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, measure: str, right: int, of: int = 1) -> None:
        self.right[measure] += right
        self.all[measure] += of

    def __str__(self) -> str:
        return "  ".join(f"{m} {self.right[m] / n:.4f} ({n})" for m, n in self.all.items() if n)


def lines_of(truth: Json, document: Document) -> list[Line]:
    """The truth's lines, page by page, with the output's texts whose middle lies in them."""
    lines, rank = [], 0
    pages = {page.number: page for page in document.pages}
    for number, page in enumerate(truth["pages"], 1):
        texts = pages[number].texts if number in pages else []
        ranked = list(enumerate(texts, rank))
        rank += len(texts)
        lines += [
            Line(line, tuple((r, t) for r, t in ranked if _inside(t, line["quad"]))) for line in page["texts"]
        ]
    return lines


def _inside(text: Text, quad: Sequence[Sequence[float]]) -> bool:
    """Whether the middle of a text lies in a quad, by the sides on which it has its corners."""
    x, y = (sum(p[k] for p in text.polygon) / 4 for k in (0, 1))
    sides = [(b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) for a, b in pairwise([*quad, quad[0]])]
    return min(sides) >= 0


def longest_run(ranks: Sequence[int]) -> int:
    """The length of the longest increasing subsequence."""
    ends: list[int] = []
    for rank in ranks:
        at = bisect_left(ends, rank)
        ends[at : at + 1] = [rank]
    return len(ends)


def score(truth: Json, document: Document, shares: Shares, *, show: bool) -> None:
    lines = lines_of(truth, document)
    ordered = [line for line in lines if line.truth["role"] in _ORDERED]
    shares.count("found", sum(line.is_found for line in lines), len(lines))
    shares.count("order", longest_run([r for line in ordered if (r := line.rank) is not None]), len(ordered))
    shares.count("role", sum(line.has_role for line in lines), len(lines))
    for line in lines:
        want = line.truth["role"]
        if want == "heading":
            shares.count("level", line.has_role and line.texts[0][1].level == line.truth["level"])
        if show and not line.is_found:
            print(f"  lost {want}: {line.truth['text'][:50]} | {' / '.join(t.text for _, t in line.texts)}")
        if line.is_found and not line.has_role:
            got = next(t.role for _, t in line.texts if t.role != want)
            shares.confused[want, got] += 1
            if show:
                print(f"  {want} -> {got}: {line.truth['text'][:50]}")
    for a, b in pairwise(ordered):
        same = a.truth["block"] == b.truth["block"]
        told = a.is_found and b.is_found and (a.block == b.block) == same
        shares.count("break", told)
        if show and not told and a.is_found and b.is_found:
            print(f"  {'cut' if same else 'run on'}: {a.truth['text'][-20:]} | {b.truth['text'][:20]}")
    _score_tables(truth, document, ordered, shares)


def _score_tables(truth: Json, document: Document, ordered: Sequence[Line], shares: Shares) -> None:
    found = list(document.tables)
    for table in truth["tables"]:
        words = Counter(normal.plain(c["text"]) for c in table["cells"])
        best = max(
            found,
            key=lambda t: sum((words & Counter(normal.plain(c.text) for c in t.cells)).values()),
            default=None,
        )
        if best is None or best.block is None:
            shares.count("tables", False)
            continue
        found.remove(best)
        before = [line.block for line in ordered if line.truth["block"] < table["block"]][-1:]
        after = [line.block for line in ordered if line.truth["block"] > table["block"]][:1]
        right = all(b is not None and b < best.block for b in before)
        right &= all(b is not None and b > best.block for b in after)
        shares.count("tables", right)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.prose",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="list every line whose role or block is wrong")
    parser.add_argument("--keep", type=Path, help="folder for the documents as read")
    args = parser.parse_args(argv)
    reader, total = Reader(), Shares()
    for file in sorted(f for folder in args.folders for f in folder.glob("*.truth.json")):
        truth = json.loads(file.read_text("utf-8"))
        document = reader.read(file.parent / truth["files"][0])
        if args.keep:
            args.keep.mkdir(exist_ok=True)
            (args.keep / f"{truth['name']}.json").write_text(document.model_dump_json(), "utf-8")
        own = Shares()
        score(truth, document, own, show=args.show)
        print(truth["name"], own, sep="  ", flush=True)
        for part in ("right", "all", "confused"):
            getattr(total, part).update(getattr(own, part))
    print("all", total, sep="  ")
    for (want, got), count in total.confused.most_common(12):
        print(f"  {want} read as {got}: {count}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
