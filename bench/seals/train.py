"""Teaches the network that tells print from a grey seal over it.

    python -m bench.seals.train OUT.onnx SEALS.npz ... [--held SEALS.npz ...] [--minutes 30]

SEALS are files that `bench.seals.gather` wrote. Now and then it prints how much of the held-out seals' ink the network
takes for print, and of the print for the seal's. Needs torch and onnx, which nothing else here does: pip install torch onnx
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from bench.seals.gather import Example
from bench.unet import Batch, UNet, batch_of, export, train
from shenbao.layout.networks import FOLD
from shenbao.layout.seal_print import CHANNELS

SIDE, BATCH = 144, 24
"""Pixels of the squares cut out for training, and how many at once."""

INKED = 0.35
"""Darkness from which a pixel is print."""

LIGHT = (0.75, 1.15)
"""Factors by which a seal with its print is made paler or darker."""


def load(files: Sequence[Path]) -> list[Example]:
    archives = [np.load(file) for file in files]
    found = [
        Example(archive[f"seen{k:05d}"], archive[f"print{k:05d}"])
        for archive in archives
        for k in range(len(archive.files) // 2)
    ]
    return [seal for seal in found if min(seal.print_.shape) >= SIDE]


def batches(seals: Sequence[Example], rng: np.random.Generator) -> Iterator[Batch]:
    """Squares cut out of some seals: what the network sees of them, and the print."""
    while True:
        seen, wanted = [], []
        for k in rng.integers(len(seals), size=BATCH):
            seal = seals[k]
            y, x = (int(rng.integers(size - SIDE + 1)) for size in seal.print_.shape)
            place = slice(y, y + SIDE), slice(x, x + SIDE)
            part = seal.seen[:, *place].copy()
            part[0] = np.clip(part[0] * rng.uniform(*LIGHT), 0, 255).astype(np.uint8)
            seen.append(part)
            wanted.append(seal.print_[None, *place])
        yield batch_of(seen, wanted)


def wrong(network: UNet, held: Sequence[Example]) -> Iterator[tuple[int, int, int, int]]:
    """For each seal: pixels of its own ink, those of them taken for print, pixels of print, those taken for the seal's."""
    for seal in held:
        height, width = (size // FOLD * FOLD for size in seal.print_.shape)
        seen, wanted = batch_of([seal.seen[:, :height, :width]], [seal.print_[None, :height, :width]])
        found = network(seen).sigmoid().numpy() >= INKED
        truth, ink = wanted.numpy() >= INKED, seen[:, :4].numpy() >= INKED
        own = ink & ~truth
        yield (
            int(own.sum()),
            int((own & found).sum()),
            int((ink & truth).sum()),
            int((ink & truth & ~found).sum()),
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.seals.train", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("seals", type=Path, nargs="+")
    parser.add_argument("--held", type=Path, nargs="*", default=[])
    parser.add_argument("--minutes", type=float, default=30.0)
    options = parser.parse_args()
    torch.manual_seed(1)
    held = load(options.held)[:60]

    def report(network: UNet) -> str:
        if not held:
            return "no seals held"
        own, kept, print_, lost = np.array(list(wrong(network, held))).sum(axis=0)
        return f"{kept / own:.4f} of the seals' ink kept, {lost / print_:.4f} of print lost"

    examples = batches(load(options.seals), np.random.default_rng(1))
    network = train(UNet(CHANNELS + 3), examples, options.minutes, report)
    print(export(network, options.out))


if __name__ == "__main__":
    main()
