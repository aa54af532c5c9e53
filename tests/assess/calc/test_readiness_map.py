"""How ready the agencies of a plan are: counted by hand, and what one agency cannot give away."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from assess.calc.readiness_map import AgencyInput, PlanInput, readiness_map

DIMENSIONS = ("culture", "digital")


def agency(pk: int, culture: float | None, digital: float | None, **questions: float) -> AgencyInput:
    known = [score for score in (culture, digital) if score is not None]
    return AgencyInput(
        id=pk,
        respondents=1,
        submitted=int(bool(known)),
        overall=sum(known) / len(known) if known else None,
        dimensions={"culture": culture, "digital": digital},
        questions={code: (100 + pk, mean) for code, mean in questions.items()},
    )


def test_a_plan_counted_by_hand() -> None:
    rows = (agency(1, 2.46, 4), agency(2, 1.4, None), agency(3, None, None))
    found = readiness_map(PlanInput(DIMENSIONS, rows))
    assert found.agencies.agency == [1, 2, 3]
    assert found.agencies.scores == {"culture": [2.46, 1.4, None], "digital": [4, None, None]}
    assert found.agencies.overall == [pytest.approx(3.23), 1.4, None]
    assert (found.asked, found.submitted) == (3, 2)
    assert found.means == {"culture": pytest.approx(1.93), "digital": 4}
    assert found.overall == pytest.approx((3.23 + 1.4) / 2)
    assert found.distribution == {"culture": [1, 0, 1, 0, 0], "digital": [0, 0, 0, 1, 0]}  # 2.46 is shown as 2.5
    assert json.loads(json.dumps(asdict(found))) == asdict(found)


def test_barriers_are_what_at_least_half_rate_low_the_most_shared_first() -> None:
    rows = (
        agency(1, 2, 2, A=1, B=2, C=2, D=5),
        agency(2, 2, 2, A=4, B=1, C=2, D=1),
        agency(3, 2, 2, A=4, B=2, C=4, D=5),
    )
    barriers = readiness_map(PlanInput(DIMENSIONS, rows)).barriers
    assert (barriers.code, barriers.low, barriers.agencies) == (["B", "C"], [3, 2], [3, 3])
    assert barriers.mean == [pytest.approx(5 / 3), pytest.approx(8 / 3)]
    assert barriers.question == [103, 103]  # the newest wording


def test_of_two_agencies_no_barrier_is_told() -> None:
    rows = (agency(1, 1, 1, A=1), agency(2, 1, 1, A=1))
    assert readiness_map(PlanInput(DIMENSIONS, rows)).barriers.code == []


def test_a_plan_without_answers_has_no_means() -> None:
    found = readiness_map(PlanInput(DIMENSIONS, (agency(1, None, None),)))
    assert (found.overall, found.submitted) == (None, 0)
    assert found.distribution["culture"] == [0] * 5
