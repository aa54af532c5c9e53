"""Verification believes nothing that is stored: whatever says it is current is computed again from the inputs."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ssoplanner.core.models import Agency, Plan
from ssoplanner.core.writing import writing
from ssoplanner.recompute.models import Derived, Result
from ssoplanner.recompute.sweep import sweep
from ssoplanner.recompute.verify import Verdict, repair, verify_plan
from ssoplanner.recompute.writer import delete
from tests.recompute.conftest import Clock
from tests.recompute.figures import (
    DRAWS,
    ENGINE,
    SHARE,
    SIZE,
    TODAY,
    TOTAL,
    Figures,
    agency,
    change,
    counter,
    counts,
    dirty,
    lies,
    moved,
    payload,
    settle,
    small_plan,
)
from tests.world import COMMAND, World

pytestmark = [pytest.mark.django_db(**ENGINE), pytest.mark.both_databases]
NOON = date(2026, 11, 25)


def differing(verdict: Verdict) -> set[tuple[str, str]]:
    return {(one.calculation, one.partition) for one in verdict.differences}


def change_past_the_writer(plan: Plan, headcount: int) -> None:
    """As no code can: an input moves and no counter does."""
    with writing():
        Agency.objects.for_plan(plan).filter(code="A1").update(headcount=headcount)


def falsify(plan: Plan, key: str, partition: object = "", **content: int) -> None:
    Result.objects.filter(derived=counter(plan, key, partition)).update(payload=json.dumps(content))


def test_what_was_built_proves_right(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    assert verify_plan(plan.pk) == Verdict(compared=10, waiting=0, differences=())


def test_what_is_stale_claims_nothing(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change(agency(plan), headcount=7)
    assert verify_plan(plan.pk) == Verdict(compared=6, waiting=4, differences=(), waiting_slow=1)


def test_a_figure_that_is_wrong_is_found_with_all_that_stands_on_it(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change_past_the_writer(plan, 7)
    verdict = verify_plan(plan.pk)
    own = str(agency(plan).pk)
    assert differing(verdict) == {(SIZE, own), (SHARE, own), (TOTAL, ""), (DRAWS, "")}
    assert {one.why for one in verdict.differences} == {"The stored result is not what the formula gives now."}


def test_a_wrong_part_is_not_believed_when_the_whole_is_computed(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    falsify(plan, SIZE, agency(plan).pk, size=999)
    assert differing(verify_plan(plan.pk)) == {(SIZE, str(agency(plan).pk))}
    falsify(plan, TOTAL, total=999 + 20)
    assert (TOTAL, "") in differing(verify_plan(plan.pk))


def test_a_payload_that_does_not_fit_its_hash_is_found(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    Result.objects.filter(derived=counter(plan, TOTAL)).update(payload_hash="0" * 64)
    assert differing(verify_plan(plan.pk)) == {(TOTAL, "")}


def test_a_result_that_is_missing_is_found(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    Result.objects.filter(derived=counter(plan, TOTAL)).delete()
    [one] = verify_plan(plan.pk).differences
    assert (one.calculation, one.why) == (TOTAL, "It says that it is current and has no result.")


def test_a_result_whose_agency_is_gone_past_the_writer_is_found(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    with writing():
        Agency.objects.for_plan(plan).filter(code="A1").delete()
    verdict = verify_plan(plan.pk)
    assert {"It cannot be computed: Agency matching query does not exist."} < {one.why for one in verdict.differences}


def test_a_result_that_cannot_be_computed_any_more_is_found(plan: Plan, stepped: Clock, figures: Figures) -> None:
    settle(plan, stepped)

    def fail(partition: str) -> None:
        raise ValueError("no")

    figures.during[TOTAL] = fail
    verdict = verify_plan(plan.pk)
    assert [one.why for one in verdict.differences if one.calculation == TOTAL] == ["It cannot be computed: no"]


def test_a_result_is_proved_for_the_day_that_it_was_computed_for(plan: Plan, stepped: Clock) -> None:
    stepped.step(17 * 3600 + 600)  # ten minutes after midnight in New York
    settle(plan, stepped)
    stepped.step(-1800)  # put back to the evening before, where results of the new day hold
    assert verify_plan(plan.pk) == Verdict(10, 0, ())
    assert payload(plan, TODAY, agency(plan).pk)["day"] == "2026-11-26"


def test_a_daily_result_whose_day_is_over_claims_nothing(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    stepped.step(24 * 3600)
    verdict = verify_plan(plan.pk)
    assert (verdict.compared, verdict.waiting, verdict.differences) == (7, 3, ())
    sweep()
    settle(plan, stepped)
    assert verify_plan(plan.pk) == Verdict(10, 0, ())
    assert payload(plan, TODAY, agency(plan).pk)["day"] == "2026-11-26"


def test_retired_rows_are_not_verified(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    delete(agency(plan), actor=COMMAND, version=1)
    settle(plan, stepped)
    assert verify_plan(plan.pk) == Verdict(7, 0, ())


def test_verifying_changes_nothing(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change_past_the_writer(plan, 7)
    before = list(Derived.objects.order_by("pk").values()), list(Result.objects.order_by("pk").values())
    verify_plan(plan.pk)
    assert (list(Derived.objects.order_by("pk").values()), list(Result.objects.order_by("pk").values())) == before


def test_repair_has_exactly_what_differs_and_what_stands_on_it_built_again(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    change_past_the_writer(plan, 7)
    before = counts(plan)
    repair(plan.pk, verify_plan(plan.pk))
    own = str(agency(plan).pk)
    assert moved(before, counts(plan)) == {(SIZE, own): 1, (SHARE, own): 1, (TOTAL, ""): 1, (DRAWS, ""): 1}
    settle(plan, stepped)
    assert (verify_plan(plan.pk).differences, lies(plan, NOON)) == ((), [])


def test_repair_adds_what_is_missing(plan: Plan, stepped: Clock) -> None:
    settle(plan, stepped)
    counter(plan, TOTAL).delete()
    repair(plan.pk, verify_plan(plan.pk))
    assert (TOTAL, "") in dirty(plan)


def command(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_results", *arguments, stdout=out)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_counts_the_differences_and_repairs_them(plan: Plan, stepped: Clock) -> None:
    other = small_plan(slug="other")
    for one in (plan, other):
        settle(one, stepped)
    assert command() == (
        0,
        "Small: 10 results compared, 0 waiting to be built\n" * 2 + "0 differences\n",
    )
    change_past_the_writer(other, 7)
    assert command("--plan", "small")[0] == 0
    code, said = command()
    assert (code, said.splitlines()[-1]) == (1, "4 differences")
    assert f"  {SIZE} {agency(other).pk}: The stored result is not what the formula gives now." in said.splitlines()
    code, said = command("--repair")
    assert (code, said.splitlines()[-1]) == (0, "4 differences, counted as stale")
    settle(other, stepped)
    assert command()[0] == 0


def test_the_command_refuses_a_plan_that_is_not_there(db: None) -> None:
    with pytest.raises(CommandError, match="no plan with the address nowhere"):
        call_command("verify_results", "--plan", "nowhere")


def test_the_real_figures_of_two_plans_prove_right(world: World, stepped: Clock) -> None:
    for rows in (world.here, world.there):
        settle(rows.plan, stepped)
        change(rows.provision, annual_cost=7)
        change(rows.own, status="left")
        settle(rows.plan, stepped)
        assert verify_plan(rows.plan.pk) == Verdict(len(counts(rows.plan)), 0, ())
