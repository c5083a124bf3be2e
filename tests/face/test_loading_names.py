"""Names of files as text, whatever bytes they are."""

import os
from pathlib import Path

import pytest

from shenbao.batch.inputs import jobs
from shenbao.loading.names import as_text

GBK = os.fsdecode("绩效表".encode("gb18030"))


@pytest.mark.parametrize("name", ["form.jpg", "绩效表.jpg", "/a/县局/b.pdf", ""])
def test_text_stays(name: str) -> None:
    assert as_text(name) == name


def test_names_from_windows_are_read_as_chinese() -> None:
    assert as_text(f"{GBK}.jpg") == "绩效表.jpg"


def test_each_part_of_a_path_has_its_own_encoding() -> None:
    assert as_text(f"/档案/{GBK}/{GBK}.jpg") == "/档案/绩效表/绩效表.jpg"


@pytest.mark.parametrize("name", [os.fsdecode(b"\xff\xfea.jpg"), "\ud800.jpg"])
def test_what_is_no_text_at_all_can_still_be_stored(name: str) -> None:
    assert as_text(name).encode().endswith(b".jpg")


def test_outputs_and_reports_of_a_batch_are_named_in_text() -> None:
    (job,) = jobs([Path("/scans") / f"{GBK}.jpg"])
    assert (job.output, job.shown) == ("绩效表.json", "/scans/绩效表.jpg")
    assert job.input.name == f"{GBK}.jpg"


def test_names_that_read_alike_get_numbers() -> None:
    found = jobs([Path("/a/绩效表.jpg"), Path("/b") / f"{GBK}.jpg"])
    assert len({job.output for job in found}) == 2
