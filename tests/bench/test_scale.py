from pathlib import Path

import pytest
from bench.render.document import Order
from bench.scale import (
    Span,
    Watch,
    _rows,
    differing,
    digests,
    disturbed,
    main,
    memory_of,
    undisturbed,
)
from bench.scale_input import copied, rendered


def watch(pages: list[tuple[float, int]], **memory: list[float]) -> Watch:
    made = Watch(pages=pages, cpu_seconds=60.0)
    made.memory.update(dict(enumerate(memory.values())))
    return made


def test_speed_is_of_the_whole_time_and_of_its_slowest_tenth() -> None:
    even = watch([(float(second), second) for second in range(101)])
    assert even.per_minute() == 60
    assert even.slowest_tenth() == pytest.approx(60, abs=7)
    stuck = watch([(float(s), min(s, 50) if s < 80 else s) for s in range(101)])
    assert stuck.slowest_tenth() == 0


def test_memory_is_of_the_worker_that_grew_most() -> None:
    flat, grown = [500.0] * 40, [400.0 + 5 * k for k in range(40)]
    found = memory_of(watch([(1.0, 1)], a=flat, b=grown, c=[900.0]))
    assert found.most == 900
    assert found.working == Span(427.5, 587.5)
    assert found.working.growth == pytest.approx(587.5 / 427.5 - 1)
    nothing = memory_of(watch([(1.0, 1)]))
    assert (nothing.most, nothing.working.growth) == (0, 0)


def test_what_stays_between_pages_is_told_apart_from_what_a_page_takes() -> None:
    """Later pages are larger; little of them stays."""
    seen = watch([(1.0, 1)], a=[500.0, 600.0, 620.0] * 20 + [500.0, 800.0, 820.0] * 20)
    seen.resting = [480.0, 500.0, 500.0] * 20 + [500.0, 505.0, 510.0] * 20
    found = memory_of(seen)
    assert found.working == Span(600, 800)
    assert str(found.resting) == "500 -> 505 (+1.0%)"


def test_scaling_is_told_against_the_fewest_workers() -> None:
    one, two = watch([(60.0, 30)]), watch([(60.0, 57)])
    rows = _rows({1: one, 2: two})
    assert [row[5] for row in rows] == ["1.00", "1.90"]
    assert [row[6] for row in rows] == ["2.00", "1.05"]


def test_outputs_are_compared_without_the_summary(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / ".shenbao").mkdir(parents=True)
        (tmp_path / name / "summary.json").write_text(name)
        (tmp_path / name / "same.json").write_text("x")
        (tmp_path / name / "other.json").write_text(name)
    (tmp_path / "b" / "more.json").write_text("x")
    assert differing(digests(tmp_path / "a"), digests(tmp_path / "b")) == ["more.json", "other.json"]


def test_copies_have_other_bytes(tmp_path: Path) -> None:
    document = tmp_path / "a.png"
    document.write_bytes(b"x")
    assert copied([(document, 2)], 6) == 6
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 3


def test_a_folder_for_outputs_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--scratch", str(tmp_path)])


@pytest.mark.e2e
def test_a_batch_that_is_killed_ends_with_the_same_bytes(tmp_path: Path) -> None:
    """With the real models: the batch is killed twice, and loses a worker twice."""
    folder = tmp_path / "in"
    documents = rendered(folder, Order(seed=31, levels=("clean", "scan")), 4)
    pages = copied(documents, 8)
    seen = undisturbed(folder, tmp_path / "whole", 2)
    whole = digests(tmp_path / "whole")
    assert seen.total == pages
    assert len(whole) == len(list(folder.iterdir()))
    assert 100 < memory_of(seen).most < 1200 * 1e6 / 2**20
    assert len(seen.resting) == len(whole)
    assert all(100 < held < 1200 * 1e6 / 2**20 for held in seen.resting)
    kills = disturbed(folder, tmp_path / "killed", 2, 2, len(whole), seen.seconds)
    assert kills.batches >= 1
    assert kills.workers >= 1
    assert differing(whole, digests(tmp_path / "killed")) == []
