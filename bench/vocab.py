"""How long a look-up in a large vocabulary takes.

    python -m bench.vocab [--names 100000] [--lookups 2000] [--seed 1]

The names are invented: known third-level names joined with places, objects and measures. Looked up are
names as they stand, names with one to three characters changed, and names that are not there. Times are wall
clock in this process, the index built beforehand (its time is given apart).
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from statistics import fmean, median

from shenbao.mapping.matching import NameList
from shenbao.mapping.vocabulary import Vocabulary, load_vocabulary

_LIMIT_MS = 5.0
_PARTS = (
    "全县、市本级、城区、乡镇、社区、农村、园区、学校、医院、基层、重点区域、沿线、库区、林区",
    "道路、桥梁、水库、河道、林地、校舍、病房、路灯、管网、泵站、公园、绿地、档案、系统、设备、车辆、平台、图书、监控、站点",
    "新建、改造、维修、养护、采购、验收、清理、检测、培训、宣传、巡查、更新、安装、拆除、补助、发放",
    "数量、完成率、合格率、及时率、覆盖率、面积、长度、成本、单价、次数、人数、满意度、增长率、达标率",
)


def invented_names(vocabulary: Vocabulary, count: int, rng: random.Random) -> list[str]:
    """`count` different names: the known third-level names first, then invented ones."""
    names = dict.fromkeys(name for group in vocabulary.level3.values() for name in group)
    known = list(names)
    while len(names) < count:
        parts = [rng.choice(words.split("、")) for words in _PARTS]
        if rng.random() < 0.5:
            parts.insert(0, rng.choice(known)[:6])
        names["".join(parts)] = None
    return list(names)[:count]


def changed(name: str, times: int, rng: random.Random) -> str:
    """The name with characters replaced, lost or added."""
    chars = list(name)
    for _ in range(times):
        at, kind = rng.randrange(len(chars)), rng.randrange(3)
        chars[at : at + (kind != 2)] = (
            [] if kind == 1 and len(chars) > 1 else [chr(rng.randrange(0x4E00, 0x9FA5))]
        )
    return "".join(chars)


def queries(names: Sequence[str], count: int, rng: random.Random) -> dict[str, list[tuple[str, str]]]:
    """Texts to look up, each with the name it was made from ("" for a new one), by kind."""
    chosen = [rng.choice(names) for _ in range(count)]
    letters = "".join(names)
    return {
        "as it stands": [(name, name) for name in chosen],
        "1 character changed": [(changed(name, 1, rng), name) for name in chosen],
        "3 characters changed": [(changed(name, 3, rng), name) for name in chosen],
        "not in the list": [("".join(rng.choices(letters, k=rng.randrange(4, 24))), "") for _ in chosen],
    }


def timed(look_up: Callable[[str], object], text: str) -> tuple[object, float]:
    """What the look-up gives, and its time in milliseconds."""
    start = time.perf_counter()
    found = look_up(text)
    return found, 1000 * (time.perf_counter() - start)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a line for each kind of look-up; exit code 1 where one of them takes over 5 ms on average."""
    parser = argparse.ArgumentParser(description="How long a look-up in a large vocabulary takes.")
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--lookups", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    rng = random.Random(args.seed)
    vocabulary = load_vocabulary()
    names = invented_names(vocabulary, args.names, rng)
    start = time.perf_counter()
    listed = NameList({name: (name,) for name in names}, vocabulary.confusable)
    listed.match("没有这个名称的指标", 0.3)
    print(f"{len(names)} names, index built in {time.perf_counter() - start:.2f} s")
    print(f"{'look-up':22}{'mean ms':>10}{'median':>10}{'p99':>10}{'worst':>10}{'right':>10}")
    slow = False
    for kind, texts in queries(names, args.lookups // 4, rng).items():
        results = [(timed(lambda t: listed.match(t, 0.3), text), name) for text, name in texts]
        times = sorted(ms for (_, ms), _ in results)
        right = (
            fmean(getattr(found, "name", "") == name for (found, _), name in results) if texts[0][1] else 0
        )
        slow |= fmean(times) > _LIMIT_MS
        share = f"{right:10.3f}" if texts[0][1] else f"{'-':>10}"
        p99 = times[int(0.99 * (len(times) - 1))]
        print(f"{kind:22}{fmean(times):10.3f}{median(times):10.3f}{p99:10.3f}{times[-1]:10.3f}{share}")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
