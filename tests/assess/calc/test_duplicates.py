"""Functions with several systems: counted by hand, and what holds of any register."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from assess.calc.duplicates import PlanInput, SystemInput, duplicates


def system(
    function: str, *agencies: int, cost: int | None = None, users: int | None = None, end: str = ""
) -> SystemInput:
    day = date.fromisoformat(end) if end else None
    return SystemInput(function, frozenset(agencies), users, cost, day)


def test_a_register_counted_by_hand() -> None:
    rows = (
        system("Payroll", 1, 2, cost=500, users=20, end="2027-06-30"),
        system(" payroll ", 2, 3, cost=800, end="2026-12-31"),
        system("PAYROLL", 4, users=5),
        system("E-mail", 1, cost=100),
        system("E-mail", 2, cost=100),
        system("Fleet", 1, cost=900),
    )
    found = duplicates(PlanInput(rows, {"payroll": True}))
    assert asdict(found.functions) == {
        "function": ["PAYROLL", "E-mail"],
        "systems": [3, 2],
        "agencies": [4, 2],
        "users": [25, None],
        "costed": [2, 2],
        "cost_cents": [1300, 200],
        "beyond_cents": [500, 100],
        "first_end": ["2026-12-31", None],
        "verdict": [True, None],
    }
    assert asdict(found.totals) == {
        "systems": 6,
        "functions": 3,
        "possible": 2,
        "confirmed": 1,
        "dismissed": 0,
        "open": 1,
        "too_many": 1,
        "beyond_cents": 600,
        "confirmed_beyond_cents": 500,
    }


def test_a_finding_on_a_function_that_has_one_system_left_counts_for_nothing() -> None:
    found = duplicates(PlanInput((system("Fleet", 1),), {"Fleet": True}))
    assert (found.functions.function, found.totals.confirmed) == ([], 0)


SYSTEMS = st.lists(
    st.builds(
        SystemInput,
        st.sampled_from(["Payroll", "payroll", "E-mail", "Fleet"]),
        st.frozensets(st.integers(1, 5), min_size=1),
        st.none() | st.integers(0, 100),
        st.none() | st.integers(0, 10**9),
        st.none() | st.dates(),
    ),
    max_size=12,
)


@given(SYSTEMS, st.dictionaries(st.sampled_from(["Payroll", "E-mail"]), st.booleans()))
def test_what_holds_of_any_register(rows: list[SystemInput], findings: dict[str, bool]) -> None:
    found = duplicates(PlanInput(rows, findings))
    turned = duplicates(PlanInput(rows[::-1], findings))
    assert found == turned
    assert json.loads(json.dumps(asdict(found))) == asdict(found)
    totals, functions = found.totals, found.functions
    assert totals.confirmed + totals.dismissed + totals.open == totals.possible == len(functions.function)
    assert totals.systems == sum(functions.systems) + totals.functions - totals.possible  # the others have one each
    assert all(
        cost is None or 0 <= (beyond or 0) <= cost
        for cost, beyond in zip(functions.cost_cents, functions.beyond_cents, strict=True)
    )
    assert totals.confirmed_beyond_cents <= totals.beyond_cents
