"""`python -m benchmarks [NAME...]`: run the benchmarks, all or the named, and write docs/benchmarks.md from all.

Every module beside this one that has `measure() -> list[Line]` is a benchmark. Ends with 1 if a figure is not met.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # as the workers run, and before numpy starts
    os.environ[threads] = "1"

from benchmarks.measuring import Line  # noqa: E402

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
NOT_BENCHMARKS = {"__main__", "measuring"}


def names() -> list[str]:
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(module.name for module in found if module.name not in NOT_BENCHMARKS)


def report(found: dict[str, list[Line]]) -> Iterator[str]:
    yield "# Benchmarks"
    yield ""
    yield "Written by `make bench`: each figure measured in one run, on one thread, beside what it is compared with."
    yield f"Measured on {platform.machine()}, Python {platform.python_version()}."
    for name, lines in found.items():
        yield ""
        yield f"## {name.replace('_', ' ').capitalize()}"
        yield ""
        yield "| what | measured | wanted | met |"
        yield "|---|---|---|---|"
        for line in lines:
            met = ("yes" if line.met else "no") if line.wanted else ""
            yield f"| {line.what} | {line.figure} | {line.wanted or 'reported'} | {met} |"


def main(wanted: list[str]) -> int:
    found = {}
    for name in wanted or names():
        found[name] = importlib.import_module(f"benchmarks.{name}").measure()
        for line in found[name]:
            sys.stdout.write(f"{name}: {line.what}: {line.figure} {line.wanted and f'({line.wanted})'}\n")
    if not wanted:
        REPORT.write_text("\n".join(report(found)) + "\n", encoding="utf-8")
    missed = [line for lines in found.values() for line in lines if not line.met]
    for line in missed:
        sys.stdout.write(f"Not met: {line.what}: {line.figure}, wanted {line.wanted}\n")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
