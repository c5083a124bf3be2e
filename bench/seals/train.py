"""Teaches the network that tells print from a grey seal over it.

    python -m bench.seals.train OUT.onnx SEALS.npz ... [--held SEALS.npz ...] [--minutes 30]

SEALS are files that `bench.seals.gather` wrote. Now and then it prints how much of the held-out seals' ink the network
takes for print, and of the print for the seal's. Needs torch and onnx, which nothing else here does: pip install torch onnx
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from shenbao.layout.seal_print import CHANNELS, folded

SIDE, BATCH, RATE, DECAY = 144, 24, 3e-3, 1e-2
"""Pixels of the squares cut out for training, how many at once, and the optimiser's rate and decay."""

WIDE = (32, 56, 96)
"""Channels at a half, a quarter and an eighth of the page's size."""

ROUND = 1000
"""Batches between two reports."""

INKED = 0.35
"""Darkness from which a pixel is print."""

LIGHT = (0.75, 1.15)
"""Factors by which a seal with its print is made paler or darker."""


@dataclass(frozen=True, eq=False)
class Seal:
    """As `gather.Example`."""

    seen: NDArray[np.uint8]
    print_: NDArray[np.uint8]


def load(files: Sequence[Path]) -> list[Seal]:
    archives = [np.load(file) for file in files]
    found = [
        Seal(archive[f"seen{k:05d}"], archive[f"print{k:05d}"])
        for archive in archives
        for k in range(len(archive.files) // 2)
    ]
    return [seal for seal in found if min(seal.print_.shape) >= SIDE]


class Network(nn.Module):
    """Logits of the print's darkness, (n, 4, height / 2, width / 2): four pixels of the page to one."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third = WIDE
        self.near = nn.Sequential(*_layer(CHANNELS + 3, first), *_layer(first, first))
        self.wider = nn.Sequential(*_layer(first, second, step=2), *_layer(second, second))
        self.widest = nn.Sequential(
            *_layer(second, third, step=2),
            *_layer(third, third, apart=2),
            *_layer(third, third, apart=4),
            *_layer(third, third),
        )
        self.down = nn.Conv2d(third, second, 1)
        self.back = nn.Sequential(*_layer(second, second))
        self.downer = nn.Conv2d(second, first, 1)
        self.last = nn.Sequential(*_layer(first, first), nn.Conv2d(first, 4, 3, 1, 1))

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        near = self.near(seen)
        wider = self.wider(near)
        widest = functional.interpolate(self.down(self.widest(wider)), scale_factor=2.0, mode="nearest")
        back = functional.interpolate(
            self.downer(self.back(wider + widest)), scale_factor=2.0, mode="nearest"
        )
        logits: torch.Tensor = self.last(near + back)
        return logits


def _layer(before: int, after: int, *, step: int = 1, apart: int = 1) -> tuple[nn.Module, ...]:
    return nn.Conv2d(before, after, 3, step, apart, apart, bias=False), nn.BatchNorm2d(after), nn.ReLU()


def batch(seals: Sequence[Seal], rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Squares cut out of some seals: what the network sees of them, and the print folded likewise."""
    seen, wanted = [], []
    for k in rng.integers(len(seals), size=BATCH):
        seal = seals[k]
        y, x = (int(rng.integers(size - SIDE + 1)) for size in seal.print_.shape)
        place = slice(y, y + SIDE), slice(x, x + SIDE)
        part = seal.seen[:, *place].copy()
        light = rng.uniform(*LIGHT)
        part[0] = np.clip(part[0] * light, 0, 255).astype(np.uint8)
        seen.append(folded(part))
        wanted.append(folded(seal.print_[None, *place]))
    scaled = np.stack(seen).astype(np.float32) / np.float32(255)
    return torch.from_numpy(scaled), torch.from_numpy(np.stack(wanted).astype(np.float32) / np.float32(255))


def wrong(network: Network, held: Sequence[Seal]) -> Iterator[tuple[int, int, int, int]]:
    """For each seal: pixels of its own ink, those of them taken for print, pixels of print, those taken for the seal's."""
    network.eval()
    with torch.no_grad():
        for seal in held:
            height, width = (size // 8 * 8 for size in seal.print_.shape)
            seen = folded(seal.seen[:, :height, :width]).astype(np.float32) / np.float32(255)
            found = network(torch.from_numpy(seen)[None]).sigmoid().numpy()[0] >= INKED
            truth = folded(seal.print_[None, :height, :width]) >= INKED * 255
            ink = folded(seal.seen[:1, :height, :width]) >= INKED * 255
            own = ink & ~truth
            yield (
                int(own.sum()),
                int((own & found).sum()),
                int((ink & truth).sum()),
                int((ink & truth & ~found).sum()),
            )


def train(seals: Sequence[Seal], held: Sequence[Seal], minutes: float) -> Network:
    rng, network = np.random.default_rng(1), Network().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    started, count = time.monotonic(), 0
    while (passed := (time.monotonic() - started) / (60 * minutes)) < 1.0:
        network.train()
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, 10 * passed + 0.1) * (1.0 - passed)
        seen, wanted = batch(seals, rng)
        with torch.autocast("cpu", dtype=torch.bfloat16):  # thrice as fast where the processor has it
            logits = network(seen.to(memory_format=torch.channels_last))
        loss = functional.binary_cross_entropy_with_logits(logits.float(), wanted)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        count += 1
        if held and count % ROUND == 0:
            own, kept, print_, lost = np.array(list(wrong(network, held))).sum(axis=0)
            print(
                f"{count} batches: {kept / own:.4f} of the seals' ink kept, {lost / print_:.4f} of print lost",
                flush=True,
            )
    return network


def export(network: Network, out: Path) -> str:
    """Writes the network as ONNX; OpenCV takes any size. Returns the SHA-256 of the file."""
    network = network.to(memory_format=torch.contiguous_format).eval()
    example: Any = (torch.zeros(1, CHANNELS + 3, SIDE // 2, SIDE // 2),)
    size: Any = {2: "height", 3: "width"}
    names: Any = {"input_names": ["seen"], "output_names": ["logits"], "dynamic_axes": {"seen": size}}
    torch.onnx.export(network, example, str(out), opset_version=13, dynamo=False, **names)
    return sha256(out.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.seals.train", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("seals", type=Path, nargs="+")
    parser.add_argument("--held", type=Path, nargs="*", default=[])
    parser.add_argument("--minutes", type=float, default=30.0)
    options = parser.parse_args()
    torch.manual_seed(1)
    network = train(load(options.seals), load(options.held)[:60], options.minutes)
    print(export(network, options.out))


if __name__ == "__main__":
    main()
