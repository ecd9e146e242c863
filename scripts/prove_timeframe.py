"""Ask the office hours a million random questions and compare with slow oracles.

    python -m scripts.prove_timeframe [--cases 1000000] [--seed 1] [--workers 2]

Prints how many questions were asked, of which kind and where. Exits with 1 and the
smallest failing case, or when the time given by --minutes is over before the end.
"""

import argparse
import sys
import time
from collections import Counter
from multiprocessing import Pool
from random import Random

from tests.catalog.priorities.cases import Case, random_case, smallest

BATCH = 1000


def asked(seed: int) -> tuple[Counter[str], list[Case]]:
    """How many cases of a batch were of each kind and place; those that failed."""
    random = Random(seed)  # noqa: S311
    cases = [random_case(random) for _ in range(BATCH)]
    counts = Counter(word for case in cases for word in (case.kind, case.near))
    return counts, [case for case in cases if case.fault()]


def main() -> int:
    """Run the batches until the end, the first failure or the end of the time."""
    options = arguments()
    batches = -(-options.cases // BATCH)
    seeds = range(options.seed * batches, (options.seed + 1) * batches)
    until = time.monotonic() + options.minutes * 60
    counts: Counter[str] = Counter()
    done = 0
    with Pool(options.workers) as pool:
        for counted, failures in pool.imap_unordered(asked, seeds):
            counts += counted
            done += BATCH
            if failures:
                return failed(failures)
            if time.monotonic() > until:
                break
    return told(done, batches * BATCH, counts)


def failed(failures: list[Case]) -> int:
    """Print the smallest failing case."""
    case = min(map(smallest, failures), key=lambda case: case.stop - case.start)
    print(f"FAILED {case.fault()}\n{case}")
    return 1


def told(done: int, wanted: int, counts: Counter[str]) -> int:
    """Print what was asked; 1 when the time was too short for all of it."""
    print(f"{done:,} of {wanted:,} random cases equal the oracle")
    for word, count in counts.most_common():
        print(f"  {count:>9,} {word}")
    return 0 if done >= wanted else 1


class Options(argparse.Namespace):
    """What the command line says."""

    cases: int
    seed: int
    workers: int
    minutes: float


def arguments() -> Options:
    """The command line, with its defaults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=20)
    return parser.parse_args(namespace=Options())


if __name__ == "__main__":
    sys.exit(main())
