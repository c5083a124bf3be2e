"""Teaches the network that looks at the sides of cells.

    python -m bench.sides.train OUT.onnx SIDES.npz ... [--held SIDES.npz ...] [--rounds 12]

SIDES are files that `bench.sides.gather` wrote. After each round it prints how many sides of the held-out files
the network and the rules get wrong. Needs torch and onnx, which nothing else here does: pip install torch onnx
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from shenbao.layout.side_pictures import COLUMNS, FACTS, ROWS

BATCH, RATE, DECAY = 256, 3e-3, 1e-2

DROPPED = 0.2
"""Share of what is seen in a picture that is left out in training."""

LIGHT = (0.7, 1.2)
"""Factors by which print is made paler or darker."""

CERTAIN = 0.999
"""Probability that is asked of a side that is drawn: some truths are none."""

MIRRORED = [0, 2, 1, 3, 4, 7, 8, 5, 6, *range(9, FACTS)]
"""The facts of a side when its picture is turned end for end."""

UPSIDE_DOWN = [0, 1, 2, 3, 4, 6, 5, 8, 7, 10, 9, 11, 13, 12, *range(14, FACTS)]
"""The same when it is turned over its line."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Pictures (n, 3, ROWS, COLUMNS), facts (n, FACTS), and for each side whether it is drawn, by truth and by rules."""

    pictures: NDArray[np.uint8]
    facts: NDArray[np.float32]
    drawn: NDArray[np.bool_]
    rules: NDArray[np.bool_]

    def batch(self, which: NDArray[np.intp] | slice) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.from_numpy(self.pictures[which]).float() / 255.0, torch.from_numpy(self.facts[which])


def load(files: Sequence[Path]) -> Examples:
    archives = [np.load(file) for file in files]
    names = ("pictures", "facts", "drawn", "rules")
    return Examples(*(np.concatenate([archive[name] for archive in archives]) for name in names))


class Network(nn.Module):
    """Logits of sides being drawn, shape (n, 1)."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = nn.Sequential(
            *_layer(3, 16, (3, 5), (1, 2), (1, 2)),
            *_layer(16, 24, (3, 3), (2, 2), (1, 1)),
            *_layer(24, 32, (3, 3), (2, 2), (1, 1)),
            *_layer(32, 48, (3, 3), (2, 2), (1, 1)),
            nn.Flatten(),
            nn.Linear(48 * (ROWS // 8) * (COLUMNS // 16), 48),
            nn.ReLU(),
            nn.Dropout(DROPPED),
        )
        self.known = nn.Sequential(nn.BatchNorm1d(FACTS), nn.Linear(FACTS, 32), nn.ReLU())
        self.both = nn.Sequential(nn.Linear(80, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, pictures: torch.Tensor, facts: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.both(torch.cat([self.seen(pictures), self.known(facts)], 1))
        return logits


Pair = tuple[int, int]


def _layer(before: int, after: int, size: Pair, step: Pair, margin: Pair) -> tuple[nn.Module, ...]:
    return nn.Conv2d(before, after, size, step, margin, bias=False), nn.BatchNorm2d(after), nn.ReLU()


def varied(pictures: torch.Tensor, facts: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The same sides turned end for end or over their line, shifted by a pixel, paler or darker, by chance."""
    pictures, facts = pictures.clone(), facts.clone()
    for axis, order in ((3, MIRRORED), (2, UPSIDE_DOWN)):
        turned = torch.rand(len(pictures)) < 0.5
        pictures[turned] = pictures[turned].flip(axis)
        facts[turned] = facts[turned][:, order]
    pictures = torch.roll(pictures, int(torch.randint(-1, 2, (1,))), 2)
    light = LIGHT[0] + (LIGHT[1] - LIGHT[0]) * torch.rand(len(pictures), 1, 1, 1)
    pictures[:, :2] = (pictures[:, :2] * light).clamp(0, 1)
    return pictures, facts


def train(examples: Examples, held: Examples | None, rounds: int) -> Network:
    network, count = Network(), len(examples.drawn)
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    steps = rounds * (count // BATCH)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps + 1)
    wanted = torch.from_numpy(np.where(examples.drawn, CERTAIN, 1 - CERTAIN)).float()[:, None]
    for number in range(rounds):
        network.train()
        order = np.random.default_rng(number).permutation(count)
        for k in range(count // BATCH):
            which = order[k * BATCH : (k + 1) * BATCH]
            logits = network(*varied(*examples.batch(which)))
            loss = functional.binary_cross_entropy_with_logits(logits, wanted[which])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            pace.step()
        if held is not None:
            wrong = (logits_of(network, held) > 0) != held.drawn
            rules = held.rules != held.drawn
            print(
                f"round {number + 1}: of {len(wrong)} sides wrong {wrong.sum()}, by rules {rules.sum()}",
                flush=True,
            )
    return network


def logits_of(network: Network, examples: Examples) -> NDArray[np.float32]:
    network.eval()
    with torch.no_grad():
        parts = [network(*examples.batch(slice(k, k + 1024))) for k in range(0, len(examples.drawn), 1024)]
    return np.asarray(torch.cat(parts)[:, 0].numpy(), np.float32)


def export(network: Network, out: Path) -> str:
    """Writes the network as ONNX, for one side: OpenCV takes any number. Returns the SHA-256 of the file."""
    network.eval()
    example: Any = torch.zeros(1, 3, ROWS, COLUMNS), torch.zeros(1, FACTS)
    names: Any = {"input_names": ["picture", "facts"], "output_names": ["logit"]}
    torch.onnx.export(network, example, str(out), opset_version=13, dynamo=False, **names)
    return sha256(out.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sides.train", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("sides", type=Path, nargs="+")
    parser.add_argument("--held", type=Path, nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args()
    torch.manual_seed(1)
    held = load(options.held) if options.held else None
    print(export(train(load(options.sides), held, options.rounds), options.out))


if __name__ == "__main__":
    main()
