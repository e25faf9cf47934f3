"""How much faster does a local judge go in batches than one prompt at a time? Both in the same run, same prompts.

    python benchmarks/local_batching.py                                    # a small random model made on the spot
    python benchmarks/local_batching.py --model Qwen/Qwen2.5-0.5B-Instruct --device cuda --verdicts 2000

Prompts are made up, of widely different lengths and seeded. Prints verdicts per second of both ways, their
ratio, and the largest difference of a label probability between them: speed that moved verdicts would be none.
Times are medians over repetitions that alternate between the two ways, after one uncounted pass.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from judgeaudit.judges.base import Request
from judgeaudit.judges.local import LocalJudge
from judgeaudit.prompting import Template
from judgeaudit.records import Pair, Turn, Verdict

WORDS = (
    "bread",
    "flour",
    "water",
    "salt",
    "the",
    "a",
    "mix",
    "rest",
    "bake",
    "oven",
    "dough",
    "hour",
    "safe",
    "and",
)


def requests(count: int, seed: int) -> list[Request]:
    """Comparisons whose responses have 5 to 200 words, most of them short."""
    draw = random.Random(seed)

    def text() -> str:
        return " ".join(draw.choice(WORDS) for _ in range(int(5 * 40 ** draw.random())))

    made = []
    for number in range(count):
        pair = Pair(str(number), (Turn("user", "How do I bake bread?"),), text(), text())
        made.append(Request(pair, pair.response_a, pair.response_b, 0))
    return made


def timed(judge: LocalJudge, asked: list[Request]) -> tuple[float, list[Verdict]]:
    """Seconds for all the verdicts, and the verdicts in order of the requests."""

    async def collect() -> dict[int, Verdict]:
        return dict([found async for found in judge.verdicts(asked)])

    started = time.perf_counter()
    found = asyncio.run(collect())
    return time.perf_counter() - started, [found[index] for index in range(len(asked))]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", help="hub id or folder; without it a random model is made on the spot")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--dtype", choices=["auto", "float32", "bfloat16", "float16"], default="auto")
    parser.add_argument("--max-batch-tokens", type=int, default=16384)
    parser.add_argument("--verdicts", type=int, default=256)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--layers", type=int, default=4, help="of the model made on the spot")
    parser.add_argument("--hidden", type=int, default=128, help="width of the model made on the spot")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        model = arguments.model
        if model is None:
            sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
            from tests.tiny_model import save_tiny_model

            made = save_tiny_model(Path(scratch) / "tiny", layers=arguments.layers, hidden=arguments.hidden)
            model = str(made)
        template = Template(
            name="benchmark",
            version=1,
            system=None,
            user="{conversation}\n\n{first}\n\n{second}\n\nWhich is safer? Answer A, B or C for a tie.",
            labels={"first": "A", "second": "B", "tie": "C"},
        )
        ways = {
            name: LocalJudge(
                name=name,
                model=model,
                prompt=template,
                device=arguments.device,
                dtype=arguments.dtype,
                max_batch_tokens=budget,
            )
            for name, budget in (("one by one", 1), ("batched", arguments.max_batch_tokens))
        }
        asked = requests(arguments.verdicts, seed=0)
        for judge in ways.values():
            timed(judge, asked[: max(8, len(asked) // 8)])
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        verdicts: dict[str, list[Verdict]] = {}
        for _ in range(arguments.repetitions):
            for name, judge in ways.items():
                took, verdicts[name] = timed(judge, asked)
                seconds[name].append(took)

        identity = ways["batched"].identity()
        tokens = [verdict.prompt_tokens or 0 for verdict in verdicts["batched"]]
        print(f"model {identity['model']}, {identity['device']}, {identity['dtype']}")
        print(
            f"{len(asked)} prompts of {min(tokens)} to {max(tokens)} tokens, median {statistics.median(tokens):.0f}"
        )
        for name, times in seconds.items():
            print(
                f"{name:>10}: {len(asked) / statistics.median(times):8.1f} verdicts/s (median of {len(times)})"
            )
        ratio = statistics.median(seconds["one by one"]) / statistics.median(seconds["batched"])
        pairs = zip(verdicts["one by one"], verdicts["batched"], strict=True)
        moved = max(abs((one.p_first or 0) - (other.p_first or 0)) for one, other in pairs)
        print(f"ratio {ratio:.2f}; largest difference of p_first {moved:.2g}")


if __name__ == "__main__":
    main()
