"""The small U-Net of `layout/networks.py`, its training, and its file; what it is taught is its teachers' business.

After Ronneberger, Fischer, Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation" (2015), on pictures
folded by two, with a dilated middle. Needs torch and onnx, which nothing but such teachers does: pip install torch onnx
"""

import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from shenbao.layout.networks import folded

WIDE = (32, 56, 96)
"""Channels at a half, a quarter and an eighth of the page's size."""

RATE, DECAY = 3e-3, 1e-2
"""The optimiser's."""

ROUND = 1000
"""Batches between two reports."""

Batch = tuple[torch.Tensor, torch.Tensor]
"""What the network sees, (n, channels, height, width), and what is wanted of it, (n, 4, height, width), 0 to 1."""


class UNet(nn.Module):
    """Logits of darkness, (n, 4, height, width), of folded pictures (n, channels, height, width): four pixels to one."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        first, second, third = WIDE
        self.channels = channels
        self.near = nn.Sequential(*_layer(channels, first), *_layer(first, first))
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


def batch_of(seen: Sequence[NDArray[np.uint8]], wanted: Sequence[NDArray[np.uint8]]) -> Batch:
    """A batch of pictures of one size, (channels, height, width), and what is wanted of each, (1, height, width)."""
    first, second = (
        torch.from_numpy(np.stack([folded(p) for p in side]).astype(np.float32) / np.float32(255))
        for side in (seen, wanted)
    )
    return first, second


def train(network: UNet, batches: Iterator[Batch], minutes: float, report: Callable[[UNet], str]) -> UNet:
    """Teaches the network on `batches` for some minutes; what `report` says of it is printed now and then."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    started, count = time.monotonic(), 0
    while (passed := (time.monotonic() - started) / (60 * minutes)) < 1.0:
        network.train()
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, 10 * passed + 0.1) * (1.0 - passed)
        seen, wanted = next(batches)
        with torch.autocast("cpu", dtype=torch.bfloat16):  # thrice as fast where the processor has it
            logits = network(seen.to(memory_format=torch.channels_last))
        loss = functional.binary_cross_entropy_with_logits(logits.float(), wanted)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        count += 1
        if count % ROUND == 0:
            network.eval()
            with torch.no_grad():
                print(f"{count} batches: {report(network)}", flush=True)
    return network


def export(network: UNet, out: Path, side: int = 96) -> str:
    """Writes the network as ONNX; OpenCV takes any size. Returns the SHA-256 of the file."""
    network = network.to(memory_format=torch.contiguous_format).eval()
    example: Any = (torch.zeros(1, network.channels, side, side),)
    size: Any = {2: "height", 3: "width"}
    names: Any = {"input_names": ["seen"], "output_names": ["logits"], "dynamic_axes": {"seen": size}}
    torch.onnx.export(network, example, str(out), opset_version=13, dynamo=False, **names)
    return sha256(out.read_bytes()).hexdigest()
