"""Lists of a known stock in random dresses: how many come in right, and what of the dress goes wrong.

    python -m benchmarks.dressed_lists [--lists 2000] [--seed 1] [--show 5] [--only "sums: at the end"]

Each list is one that a person could understand (tests/services/imports/dressed). It counts as right, as
asked, as wrong with the card saying so, or as wrong unsaid.
"""

import argparse
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

from tests.services.imports.dressed import writing
from tests.services.imports.dressed.judging import Verdict, judge
from tests.services.imports.dressed.sheet import Dresser
from tests.services.imports.dressed.truth import Dressed

KINDS = ("right", "asked", "said", "unsaid")
_FEWEST = 12
"""Lists with a pair of features, from which on it counts."""


def play(seed: int, folder: Path) -> tuple[Dressed, Verdict]:
    """Play the list of a seed."""
    rng = random.Random(seed)
    dressed = Dresser(rng).dress()
    return dressed, judge(writing.write(rng, dressed, folder), dressed)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lists", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    total: Counter[str] = Counter()
    by_feature: dict[str, Counter[str]] = defaultdict(Counter)
    pairs: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    faults: Counter[str] = Counter()
    examples: dict[str, int] = {}
    shown = 0
    with tempfile.TemporaryDirectory() as name:
        for number in range(chosen.lists):
            seed = chosen.seed * 1_000_000 + number
            dressed, verdict = play(seed, Path(name))
            total[verdict.kind] += 1
            for feature in dressed.features:
                by_feature[feature][verdict.kind] += 1
            for pair in combinations(sorted(dressed.features), 2):
                pairs[pair][verdict.kind] += 1
            for text in {_kind(text) for text in verdict.unsaid}:
                faults[text] += 1
                examples.setdefault(text, seed)
            for text in {_kind(text) for text in verdict.said}:
                faults["said: " + text] += 1
            if (
                verdict.unsaid + verdict.said
                and shown < chosen.show
                and chosen.only in " ".join([*dressed.features, *verdict.unsaid, *verdict.said])
            ):
                shown += 1
                out(f"--- {seed}: {sorted(dressed.features)}\n{verdict.unsaid[:6]} SAID {verdict.said[:4]}")
                for title, rows in dressed.sheets:
                    out("\n".join([f"[{title}]", *(" ; ".join(row) for row in rows)]))
    out(f"{'':<40}" + "".join(f"{kind:>8}" for kind in KINDS))
    out(
        f"{'all':<40}"
        + "".join(f"{total[kind]:>8}" for kind in KINDS)
        + f"   {_share(total):.1%} wrong unsaid"
    )
    for feature, of in sorted(by_feature.items(), key=lambda one: -_share(one[1])):
        out(f"{feature:<40}" + "".join(f"{of[kind]:>8}" for kind in KINDS) + f"   {_share(of):.0%}")
    out(
        "\n"
        + "\n".join(f"{n:>5} {text}  (as {examples.get(text, '')})" for text, n in faults.most_common(25))
    )
    worst = [(p, of) for p, of in pairs.items() if of.total() >= _FEWEST and _share(of) >= 0.5]
    for pair, of in sorted(worst, key=lambda one: -_share(one[1]))[:15]:
        out(f"{_share(of):>5.0%} of {of.total()}: {' + '.join(pair)}")


def _share(of: Counter[str]) -> float:
    return of["unsaid"] / max(1, of.total())


def _kind(text: str) -> str:
    if "is no thing" in text:
        return "is no thing"
    if "refused:" in text:
        return text[:60]
    found = re.search(
        r": (make|type|code|serial|place|state|holder) is|is (lost|missing|there)$|is (missing|there)", text
    )
    return found[0] if found else text


def out(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
