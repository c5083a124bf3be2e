from pathlib import Path

from shenbao.batch.inputs import collect, jobs


def names(*paths: str) -> list[str]:
    return [job.output for job in jobs(map(Path, paths))]


def test_folders_are_searched_sorted_and_below(tmp_path: Path) -> None:
    for name in (
        "b/2.jpg",
        "b/1.PDF",
        "a.png",
        ".hidden/x.jpg",
        ".y.jpg",
        "out/z.jpg",
        "b/note.txt",
        "b/t.json",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "b/scan").write_bytes(b"%PDF-1.7 no ending")
    found = collect([tmp_path], tmp_path / "out")
    taken = [str(path.relative_to(tmp_path)) for path in found.files]
    assert taken == ["a.png", "b/1.PDF", "b/2.jpg", "b/scan"]
    assert sorted(path.name for path in found.ignored) == ["note.txt", "t.json"]


def test_named_files_are_always_taken_and_only_once(tmp_path: Path) -> None:
    note, missing = tmp_path / "note.txt", tmp_path / "none.jpg"
    note.write_text("x")
    found = collect([note, missing, note, tmp_path], tmp_path / "out")
    assert found.files == (note, missing)
    assert found.ignored == ()


def test_outputs_are_named_by_stem() -> None:
    assert names("x/a.jpg", "b.pdf") == ["a.json", "b.json"]


def test_equal_stems_keep_their_endings() -> None:
    assert names("a.jpg", "x/a.pdf", "b.jpg") == ["a.jpg.json", "a.pdf.json", "b.json"]
    assert names("A.jpg", "a.pdf") == ["A.jpg.json", "a.pdf.json"]


def test_names_are_always_unique() -> None:
    assert names("x/a.jpg", "y/a.jpg", "z/a.jpg") == ["a.jpg.json", "a.jpg.2.json", "a.jpg.3.json"]
    found = names("a.jpg", "a.pdf", "a.jpg.png", "x/A.JPG")
    assert len({name.casefold() for name in found}) == 4


def test_the_summary_is_never_overwritten() -> None:
    assert names("summary.jpg") == ["summary.jpg.json"]
    assert names("summary") == ["summary.2.json"]
