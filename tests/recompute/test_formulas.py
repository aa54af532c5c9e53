"""Releases: a raised formula, workers and pages of the release before beside those of the new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ssoplanner.core.models import Agency, Plan
from ssoplanner.recompute import building
from ssoplanner.recompute import sweep as sweeping
from ssoplanner.recompute.building import build_plan, build_rows, claim, dirty_rows, ready
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.sweep import sweep
from ssoplanner.recompute.writer import delete
from tests.recompute.conftest import Clock, Declare
from tests.recompute.figures import (
    DRAWS,
    ENGINE,
    LABEL,
    SHARE,
    SIZE,
    TOTAL,
    Figures,
    agency,
    build_due,
    change,
    counter,
    counts,
    dirty,
    lies,
    moved,
    payload,
    said_current,
    settle,
)
from tests.world import COMMAND, make

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
WINDOW, NOON = 0.3, date(2026, 11, 25)
Release = Callable[..., None]


@pytest.fixture
def release(declare: Declare, figures: Figures) -> Release:
    """`release(size=2)`: from here on this process runs code with these revisions."""
    return lambda **revisions: declare(*figures.all(**revisions))


def above(plan: Plan, *, own: bool = True) -> set[tuple[str, str]]:
    pks = [str(pk) for pk in plan.agencys.values_list("pk", flat=True)]
    return {(TOTAL, ""), (DRAWS, "")} | {(key, pk) for pk in pks for key in ((SIZE, SHARE) if own else (SHARE,))}


# --- A raised formula -----------------------------------------------------------------------------------------------


def test_a_raised_formula_makes_its_results_and_all_above_stale(plan: Plan, stepped: Clock, release: Release) -> None:
    settle(plan, stepped)
    before = counts(plan)
    release(size=2)
    assert not [key for key in said_current(plan) if key[0] == SIZE]
    assert sweep() == 2
    assert moved(before, counts(plan)) == dict.fromkeys(above(plan), 1)
    settle(plan, stepped)
    assert (payload(plan, TOTAL), lies(plan, NOON, size=2), dirty(plan)) == ({"total": 60}, [], [])


def test_a_formula_is_raised_once(plan: Plan, stepped: Clock, release: Release) -> None:
    settle(plan, stepped)
    release(size=2)
    sweep()
    before = counts(plan)
    assert sweep() == 0
    assert counts(plan) == before


def test_a_retired_row_is_not_raised(plan: Plan, stepped: Clock, release: Release) -> None:
    gone = agency(plan)
    delete(gone, actor=COMMAND, version=1)
    release(size=2)
    assert sweep() == 1
    assert counter(plan, SIZE, gone.pk).formula_revision == 1


def test_a_row_that_came_after_the_look_is_not_raised_uncounted(
    plan: Plan, stepped: Clock, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(plan, stepped)
    release(size=2)
    found = list(sweeping._outdated())
    release()  # a process of the release before adds an agency and builds it
    new = make(Agency, plan, code="NEW", name="New", headcount=5)
    settle(plan, stepped)
    release(size=2)
    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "_outdated", lambda: found)
        sweep()
    assert (SIZE, str(new.pk)) not in said_current(plan)
    sweep()
    settle(plan, stepped)
    assert (payload(plan, SIZE, new.pk), lies(plan, NOON, size=2)) == ({"size": 10}, [])


def test_new_rows_begin_with_the_formula_in_force(plan: Plan, release: Release) -> None:
    release(size=3)
    new = make(Agency, plan, code="NEW", name="New")
    assert counter(plan, SIZE, new.pk).formula_revision == 3


# --- Two releases at work at the same time --------------------------------------------------------------------------


def test_an_older_worker_leaves_rows_of_a_newer_formula_alone(plan: Plan, stepped: Clock, release: Release) -> None:
    settle(plan, stepped)
    release(label=2)
    sweep()
    release()
    stepped.step(WINDOW)
    build_due(plan)
    assert [key for key, _ in dirty(plan)] == [LABEL]
    assert sweep() == 0
    assert counter(plan, LABEL, plan.services.get().pk).formula_revision == 2


def test_an_older_worker_does_not_build_a_row_whose_formula_is_raised_once_it_is_claimed(
    plan: Plan, stepped: Clock, release: Release
) -> None:
    settle(plan, stepped)
    change(plan.services.get(), volume_unit="call")
    stepped.step(WINDOW)
    claimed = claim(ready(dirty_rows(plan.pk, Lane.FAST), stepped.time))
    release(label=2)
    sweep()
    release()
    assert build_rows(plan.pk, claimed) == 0
    release(label=2)
    assert lies(plan, NOON, label=2) == []
    settle(plan, stepped)
    assert payload(plan, LABEL, plan.services.get().pk) == {"label": "callcall"}


def test_an_older_worker_builds_no_roll_up_from_parts_of_a_newer_formula(
    plan: Plan, stepped: Clock, release: Release
) -> None:
    settle(plan, stepped)
    release(size=2)
    sweep()
    release()
    stepped.step(10)
    assert build_due(plan, levels=3) == 0
    assert counter(plan, TOTAL).attempts == 0
    assert lies(plan, NOON) == []
    release(size=2)
    settle(plan, stepped)
    assert lies(plan, NOON, size=2) == []


def test_an_older_worker_that_can_build_nothing_does_not_spin(
    plan: Plan, stepped: Clock, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(plan, stepped)
    release(size=2)
    sweep()
    release()
    started, claims = stepped.elapsed, list[int]()
    monkeypatch.setattr(building, "claim", lambda rows: claims.append(len(rows)) or claim(rows))
    build_plan(plan.pk)
    assert 0 < len(claims) <= 2 + 2 * (stepped.elapsed - started) / WINDOW


def test_a_newer_worker_does_not_publish_under_the_older_formula(plan: Plan, stepped: Clock, release: Release) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    stepped.step(10)
    release(size=2)  # started, and did not sweep yet
    build_due(plan)
    release()
    assert not [lie for lie in lies(plan, NOON) if SIZE in lie]
    release(size=2)
    sweep()
    settle(plan, stepped)
    assert (payload(plan, TOTAL), lies(plan, NOON, size=2)) == ({"total": 54}, [])


def test_a_result_of_the_older_formula_that_arrives_late_is_not_called_current(
    plan: Plan, stepped: Clock, release: Release, figures: Figures
) -> None:
    settle(plan, stepped)
    change(plan.services.get(), volume_unit="call")

    def released_meanwhile(partition: str) -> None:
        figures.during.clear()
        release(label=2)
        sweep()
        release()

    figures.during[LABEL] = released_meanwhile
    stepped.step(WINDOW)
    build_due(plan)
    assert payload(plan, LABEL, plan.services.get().pk) == {"label": "call"}
    release(label=2)
    assert lies(plan, NOON, label=2) == []
