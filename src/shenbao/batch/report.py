"""The report of a batch for people: one HTML file with its figures, plots, and failures with links."""

import base64
import io
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from shenbao.batch.summary import CONFIDENCE_EDGES, FileResult, Summary
from shenbao.evaluation.charts import ORANGE, Bar, bars

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#23262f;max-width:1100px;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;font-size:13px}th,td{padding:.25em .7em;text-align:left;border-bottom:1px solid #e4e7ed;
vertical-align:top}.plots{display:flex;flex-wrap:wrap;align-items:flex-start;gap:1em;margin:1em 0}
.plots img{border:1px solid #e4e7ed;border-radius:6px}small{color:#6e7480}
"""
_MOST = 500
"""Rows of a list; what is beyond them stands in summary.json."""


def report_html(summary: Summary) -> bytes:
    """The page, without scripts or outside references; links go to the inputs and to the outputs beside it."""
    body = [
        "<h1>Batch</h1>",
        _figures(summary),
        f'<div class="plots">{_png(_confidence(summary))}{_png(_review(summary))}</div>',
        *_failures(summary.results),
        *_doubtful(summary.results),
    ]
    head = f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Batch</title>\n<style>{_STYLE}</style>'
    return f"{head}\n</head>\n<body>\n{''.join(body)}\n</body>\n</html>\n".encode("utf-8", "replace")


def _figures(summary: Summary) -> str:
    rows = [
        (
            "files",
            f"{summary.files}: {summary.complete} complete, {summary.partial} partial, {summary.failed} failed",
        ),
        ("from earlier runs", str(summary.up_to_date)),
        ("pages", str(summary.pages)),
        (
            "fields for review",
            f"{summary.fields_for_review} of {summary.fields} ({summary.review_share:.1%})",
        ),
        ("time", f"{summary.seconds:.1f} s, {60 * summary.pages_per_second:.1f} pages a minute"),
        ("ignored files", str(len(summary.ignored))),
        ("version", summary.version),
    ]
    return _table((), ([escape(name), escape(text)] for name, text in rows))


def _confidence(summary: Summary) -> Image.Image:
    """How many fields fall into each class of confidence."""
    edges = (0.0, *CONFIDENCE_EDGES, 1.0)
    total = max(1, summary.fields)
    rows = [
        Bar(f"{low:g} to {high:g}", count, f"{count} ({count / total:.1%})")
        for low, high, count in zip(
            edges, edges[1:], summary.confidences or [0] * (len(edges) - 1), strict=False
        )
    ]
    return bars(f"Confidence of {summary.fields} fields", rows)


def _review(summary: Summary) -> Image.Image:
    """The share of fields for review in each form family."""
    counts = summary.families.items()
    rows = [
        Bar(
            name,
            c.fields_for_review / max(1, c.fields),
            f"{c.fields_for_review / max(1, c.fields):.1%} of {c.fields}",
        )
        for name, c in sorted(counts, key=lambda item: -item[1].fields)
    ]
    return bars("Fields for review by form family", rows, ORANGE)


def _png(picture: Image.Image) -> str:
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}">'


def _failures(results: Sequence[FileResult]) -> list[str]:
    found = [(result, failure) for result in results for failure in result.failures]
    rows = [
        [
            _links(result),
            str(failure.page or ""),
            *map(escape, (failure.code, failure.message, failure.advice)),
        ]
        for result, failure in found[:_MOST]
    ]
    heads = ("file", "page", "code", "message", "advice")
    return [f"<h2>Failures: {len(found)}</h2>", _table(heads, rows)] if found else ["<h2>No failures</h2>"]


def _doubtful(results: Sequence[FileResult]) -> list[str]:
    """The files with the most fields for review."""
    found = sorted((r for r in results if r.fields_for_review), key=lambda r: -r.fields_for_review)
    rows = ([_links(r), str(r.fields_for_review), str(r.fields)] for r in found[:_MOST])
    return [f"<h2>Fields for review: {len(found)} files</h2>", _table(("file", "for review", "of"), rows)]


def _links(result: FileResult) -> str:
    """The input by name, linked; with it the output, where there is one."""
    path = Path(result.input)
    words = escape(path.name.encode("utf-8", "replace").decode())
    source = f'<a href="{escape(_address(path))}">{words}</a>'
    if result.output is None:
        return source
    return f'{source} <small><a href="{escape(quote(result.output, errors="replace"))}">result</a></small>'


def _address(path: Path) -> str:
    return "file://" + quote(str(path.absolute()), errors="surrogateescape")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are HTML already."""
    head = f"<tr>{''.join(f'<th>{escape(h)}</th>' for h in heads)}</tr>\n" if heads else ""
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>\n{head}{body}\n</table>\n"
