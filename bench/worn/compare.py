"""How many lines are read wrongly: at the first look, as worn print, and by both, as `ocr/second_look.py` settles them.

    python -m bench.worn.lines --out LINES --count 40 --seed 950 --scramble 0 --all
    python -m bench.worn.compare LINES [--limit 2200]

`surely wrong` counts those among them whose weakest character has a probability of at least 0.8, for two looks those
on which both agree.
"""

import argparse
import pickle
import random
from pathlib import Path

from bench.worn.lines import same
from shenbao.ocr.engines import open_engine
from shenbao.ocr.second_look import DOUBTFUL, TAUGHT, best_supported
from shenbao.settings import EngineSettings


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.worn.compare", description=__doc__)
    parser.add_argument("lines", type=Path)
    parser.add_argument("--limit", type=int)
    args = parser.parse_args()
    lines = [line for file in sorted(args.lines.glob("*.pkl")) for line in pickle.loads(file.read_bytes())]
    random.Random(4).shuffle(lines)
    lines = lines[: args.limit]
    texts, engine = [text for _, text in lines], open_engine(EngineSettings())
    first = engine.read_lines([picture for picture, _ in lines])
    worn = engine.read_worn([picture for picture, _ in lines])
    both = [best_supported([a, b], TAUGHT) if a.chars else b for a, b in zip(first, worn, strict=True)]
    agreed = [a.text == b.text for a, b in zip(first, worn, strict=True)]
    print(f"{len(lines)} lines")
    for name, readings, sure in (
        ("first look", first, [r.weakest >= DOUBTFUL for r in first]),
        ("as worn print", worn, [r.weakest >= DOUBTFUL for r in worn]),
        ("both", both, agreed),
    ):
        wrong = [not same(text, r.text) for text, r in zip(texts, readings, strict=True)]
        surely = sum(w and s for w, s in zip(wrong, sure, strict=True))
        print(f"{name:14} {sum(wrong):5} wrong, {surely:4} surely wrong")


if __name__ == "__main__":
    main()
