"""A million draws of a ten-year case with a dozen inputs: its time, and what memory it takes at any number of draws."""

from __future__ import annotations

import tracemalloc

from benchmarks.measuring import Line, best_of, within
from design.calc.uncertain_inputs import Fixed, Input, Normal, Pert, Triangular
from design.calc.uncertainty import simulate
from design.calc.yearly_case import Term, YearlyCase

YEARS = 10
INPUTS: dict[str, Input] = {
    "migration cost": Pert(2_500_000, 3_000_000, 6_000_000),
    "platform": Pert(700_000, 800_000, 1_300_000),
    "staff": Pert(1_800_000, 2_000_000, 2_600_000),
    "staff today": Pert(2_900_000, 3_200_000, 3_400_000),
    "volume": Pert(180_000, 220_000, 240_000),
    "unit cost": Pert(1.5, 2.0, 3.5),
    "unit cost today": Triangular(4.0, 5.0, 5.5),
    "training": Triangular(100_000, 150_000, 400_000),
    "turnover": Normal(90_000, 25_000),
    "licences saved": Normal(350_000, 60_000),
    "parallel running": Pert(200_000, 400_000, 1_200_000),
    "rent": Fixed(120_000),
}
CORRELATION = {("platform", "migration cost"): 0.5, ("unit cost", "volume"): -0.4, ("staff", "turnover"): 0.3}
FIRST, EVERY, LATER = (1, *[0] * 9), (1,) * YEARS, (0, 0.5, *[1] * 8)


def case() -> YearlyCase:
    """Costs of the first year and of every year against what is spent today, two of them volume x unit cost."""
    cost = [Term([-one for one in FIRST], (name,)) for name in ("migration cost", "training", "parallel running")]
    cost += [Term([-one for one in EVERY], (name,)) for name in ("platform", "staff", "turnover", "rent")]
    saved = [Term(LATER, (name,)) for name in ("staff today", "licences saved")]
    by_volume = [Term([-one for one in EVERY], ("volume", "unit cost")), Term(EVERY, ("volume", "unit cost today"))]
    return YearlyCase(0.07, [*cost, *saved, *by_volume])


def measure() -> list[Line]:
    ten_years = case()
    run = best_of(3, lambda: simulate(INPUTS, ten_years, 1_000_000, seed=1, correlation=CORRELATION))
    alone = best_of(3, lambda: simulate(INPUTS, ten_years, 1_000_000, seed=1))
    few, many = (_megabytes(draws) for draws in (100_000, 1_000_000))
    return [
        within("a million draws, ten years, 12 inputs, three correlated pairs", run, 2),
        Line("the same with no correlation", f"{alone:.2f} s"),
        Line("memory at 100,000 draws, at most", f"{few:.1f} MB"),
        Line("memory at 1,000,000 draws, at most", f"{many:.1f} MB", "as at 100,000", many < few + 1),
    ]


def _megabytes(draws: int) -> float:
    tracemalloc.start()
    simulate(INPUTS, case(), draws, seed=1, correlation=CORRELATION)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6
