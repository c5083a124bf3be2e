import random

from bench.fuzz import Child, damaged, loaded, seeds


def test_every_seed_can_be_read() -> None:
    found = seeds()
    assert {case.kind for case in found} >= {"jpeg", "png", "tiff", "webp", "bmp", "pdf", "xlsx"}
    assert {loaded(case.data) for case in found if case.kind != "docx"} == {"read"}


def test_a_case_is_the_same_by_its_number() -> None:
    starts = seeds()
    first, again = (damaged(starts[0], starts, random.Random("1/7")).data for _ in range(2))
    assert first == again != starts[0].data


def test_damaged_files_end_in_typed_errors() -> None:
    starts = seeds()
    chance = random.Random("tests")
    endings = [loaded(damaged(chance.choice(starts), starts, chance).data) for _ in range(150)]
    assert not [ending for ending in endings if ending.startswith("raised")]
    assert len(set(endings)) > 2


def test_a_process_that_takes_too_long_or_too_much_is_told() -> None:
    data = seeds()[0].data
    slow, greedy = Child(0.0, 10**12), Child(60.0, 1)
    try:
        assert slow.run(data) == "hung"
        assert greedy.run(data) == "grew"
    finally:
        slow.stop()
        greedy.stop()
