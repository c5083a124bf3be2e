"""Teaches the recogniser on worn print: trains all its layers but the last further, and packs what changed.

    python -m bench.worn.train LINES OUT.npz --minutes 80 [--start WORN.npz]

LINES is a folder that `bench.worn.lines` wrote. Needs torch, onnx and onnx2torch, which nothing else here does:
    pip install torch onnx onnx2torch

With --start it goes on from the weights that an earlier training packed.

The lines are taken in batches of one width, each once in a round, with the CTC loss. What is packed is the mean of the
last weights (an exponential one), as steps of one byte from those of the packaged model.
"""

import argparse
import math
import pickle
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnx2torch import convert

from shenbao.models.stages import Image
from shenbao.ocr.alphabet import alphabet_of
from shenbao.ocr.lines import PADDING, normalised, padded_width
from shenbao.ocr.weights import find_model
from shenbao.ocr.worn import altered

COLUMNS = 5120
"""Columns of the pictures of a batch, all together."""

RATE = 2e-4
WARM_UP = 60
LARGEST_LOSS = 30.0
"""A line's loss counts at most so much: its text may be hidden, or not what is printed."""

HEAD = 1_000_000
"""Weights of a layer from which it is the last one, which stays as it is."""

Batch = tuple[NDArray[np.float32], list[list[int]]]


def network(data: bytes) -> Any:
    """A recogniser, by its file's bytes, as a torch module that gives logits.

    All its weights but the last layer's are parameters.
    """
    model = _with_padding(onnx.load_from_string(data))
    made_by = {output: node for node in model.graph.node for output in node.output}
    node = made_by[model.graph.output[0].name]
    while node.op_type != "Softmax":
        node = made_by[node.input[0]]
    net = convert(onnx.utils.Extractor(model).extract_model(["x"], [node.input[0]]))
    for name, values in list(net.named_buffers()):
        if values.is_floating_point() and 1 < values.numel() < HEAD and "running" not in name:
            where, _, leaf = name.rpartition(".")
            module = net.get_submodule(where)
            del module._buffers[leaf]
            module.register_parameter(leaf, torch.nn.Parameter(values.clone()))
    return net.eval()  # the normalisations keep the means that they were trained with


def _with_padding(model: Any) -> Any:
    """The model with `SAME_UPPER` spelt out, which onnx2torch does not know."""
    nodes = []
    for node in model.graph.node:
        found = {attribute.name: attribute for attribute in node.attribute}
        mode = found["auto_pad"].s if "auto_pad" in found else b"NOTSET"
        if mode not in (b"NOTSET", b""):
            for name in ("auto_pad", "pads"):
                if name in found:
                    node.attribute.remove(found[name])
            total = [side - 1 for side in found["kernel_shape"].ints] if mode == b"SAME_UPPER" else [0, 0]
            before = [side // 2 for side in total]
            pads = [0, 0, *before, 0, 0, *(a - b for a, b in zip(total, before, strict=True))]
            name = f"{node.output[0]}_pads"
            model.graph.initializer.append(numpy_helper.from_array(np.array(pads, np.int64), name))
            inputs = [node.input[0], name]
            if node.op_type == "MaxPool":
                least = f"{node.output[0]}_least"
                model.graph.initializer.append(numpy_helper.from_array(np.array(-1e30, np.float32), least))
                inputs.append(least)
            nodes.append(helper.make_node("Pad", inputs, [f"{name}_done"], mode="constant"))
            node.input[0] = f"{name}_done"
        nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def batches(
    lines: Sequence[tuple[Image, str]], alphabet: Sequence[str], rng: random.Random
) -> Iterator[Batch]:
    """The lines of one round in any order, with the classes of their characters."""
    classes = {char: number for number, char in reversed(list(enumerate(alphabet)))}
    groups: dict[int, list[tuple[Image, list[int]]]] = defaultdict(list)
    for picture, text in lines:
        if all(char in classes for char in text):
            groups[padded_width(picture.shape[1])].append((picture, [classes[char] for char in text]))
    parts = []
    for width, group in groups.items():
        rng.shuffle(group)
        size = max(4, COLUMNS // width)
        parts += [(width, group[start : start + size]) for start in range(0, len(group), size)]
    rng.shuffle(parts)
    for width, part in parts:
        pixels = np.full((len(part), 48, width), PADDING, np.uint8)
        for row, (picture, _) in zip(pixels, part, strict=True):
            row[:, : picture.shape[1]] = picture
        yield normalised(pixels), [text for _, text in part]


def loss(net: Any, batch: Batch) -> Any:
    """The mean CTC loss of a batch's lines."""
    pixels, texts = batch
    shown = torch.from_numpy(pixels).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", dtype=torch.bfloat16):  # three times as fast where the processor has it
        logits = net(shown)
    steps = logits.float().log_softmax(-1).transpose(0, 1)
    each = torch.nn.functional.ctc_loss(
        steps,
        torch.tensor([number for text in texts for number in text]),
        torch.full((len(texts),), steps.shape[0]),
        torch.tensor([len(text) for text in texts]),
        reduction="none",
        zero_infinity=True,
    )
    return each.clamp(max=LARGEST_LOSS).mean()


def train(
    net: Any, lines: Sequence[tuple[Image, str]], alphabet: Sequence[str], minutes: float
) -> dict[str, Any]:
    """The mean weights of a network that is trained for so long, by their names."""
    rng, named = random.Random(5), dict(net.named_parameters())
    mean = weights(net)
    optimiser = torch.optim.AdamW(named.values(), lr=RATE, weight_decay=0.0, betas=(0.9, 0.98))
    start, step, found = time.monotonic(), 0, list[float]()
    while True:
        for batch in batches(lines, alphabet, rng):
            share = (time.monotonic() - start) / (60 * minutes)
            if share >= 1:
                return mean
            rate = RATE * min(1.0, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * share))
            for group in optimiser.param_groups:
                group["lr"] = rate
            value = loss(net, batch)
            optimiser.zero_grad()
            value.backward()
            torch.nn.utils.clip_grad_norm_(named.values(), 2.0)
            optimiser.step()
            step += 1
            keep = min(0.995, (1 + step) / (10 + step))
            with torch.no_grad():
                for name, values in named.items():
                    mean[name].mul_(keep).add_(values, alpha=1 - keep)
            found.append(value.item())
            if step % 50 == 0:
                print(step, f"{np.mean(found[-200:]):.3f}", flush=True)


def weights(net: Any) -> dict[str, Any]:
    """A copy of a network's weights, by their names."""
    return {name: values.detach().clone() for name, values in net.named_parameters()}


def pack(data: bytes, new: dict[str, Any], out: Path) -> None:
    """Writes what changed from the model with these bytes in the way that `ocr/worn.py` reads it."""
    old = weights(network(data))
    offsets, sizes, scales, steps = [], [], [], []
    for name, values in old.items():
        change = (new[name] - values).numpy().ravel()
        scale = max(float(np.abs(change).max()) / 127, 1e-12)
        at = data.find(values.numpy().astype("<f4").tobytes())
        if at < 0:
            raise ValueError(f"the model does not hold the weights of {name}")
        offsets.append(at)
        sizes.append(change.size)
        scales.append(scale)
        steps.append(np.round(change / scale).astype(np.int8))
    np.savez_compressed(
        out,
        offsets=np.array(offsets, np.int64),
        sizes=np.array(sizes, np.int64),
        scales=np.array(scales, np.float32),
        steps=np.concatenate(steps),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.worn.train", description=__doc__)
    parser.add_argument("lines", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=80.0)
    parser.add_argument("--start", type=Path, help="weights of an earlier training to go on from")
    args = parser.parse_args()
    torch.manual_seed(5)
    data = find_model("recognition").path.read_bytes()
    listed = {entry.key: entry.value for entry in onnx.load_from_string(data).metadata_props}["character"]
    lines = [line for file in sorted(args.lines.glob("*.pkl")) for line in pickle.loads(file.read_bytes())]
    start = altered(data, dict(np.load(args.start))) if args.start else data
    net = network(start).to(memory_format=torch.channels_last)
    pack(data, train(net, lines, alphabet_of(listed), args.minutes), args.out)


if __name__ == "__main__":
    main()
