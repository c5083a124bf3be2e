"""Networks are opened once in each thread, and only from files that nobody altered."""

from threading import Thread

import numpy as np
import pytest
from pydantic import ValidationError

from shenbao.layout.networks import KnownNetwork, folded, opened
from shenbao.layout.seal_print import known_network


def test_a_thread_opens_a_network_once() -> None:
    assert opened(known_network()) is opened(known_network())


def test_each_thread_has_its_own() -> None:
    found = []
    thread = Thread(target=lambda: found.append(opened(known_network())))
    thread.start()
    thread.join()
    assert len(found) == 1 and found[0] is not opened(known_network())


def test_a_file_that_was_altered_is_refused() -> None:
    with pytest.raises(ValueError, match="install the package again"):
        opened(KnownNetwork(file=known_network().file, sha256="0" * 64))


@pytest.mark.parametrize("file", ["../seal_print.onnx", "seal_print.json", ""])
def test_only_networks_of_the_package_have_names(file: str) -> None:
    with pytest.raises(ValidationError):
        KnownNetwork(file=file, sha256="0" * 64)


def test_four_pixels_are_folded_into_one() -> None:
    seen = np.arange(2 * 4 * 6, dtype=np.uint8).reshape(2, 4, 6)
    small = folded(seen)
    assert small.shape == (5, 2, 3)
    assert small[:, 0, 0].tolist() == [0, 1, 6, 7, 24]
