"""Scores, axes and groups of the heat map: counted by hand, and what holds for every plan."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.calc.heat_map import CriterionInput, HeatMap, PlanInput, ServiceInput, heat_map
from tests.assess.calc.strategies import maybe, some

OPPORTUNITY = CriterionInput(1, "opportunity", False, True, 3.0, "rank", (), "leave_out")
SECOND = CriterionInput(2, "opportunity", False, True, 1.0, "limits", (10, 20, 30, 40), "leave_out")
EASE = CriterionInput(3, "ease", True, True, 1.0, "rank", (), "leave_out")


def service(pk: int, *figures: float | None, provided: bool = True, given: tuple[int, int] = (5, 5)) -> ServiceInput:
    return ServiceInput(pk, provided, given, figures)


def computed(criterion: CriterionInput, *figures: float | None) -> list[float | None]:
    """The scores of one criterion for services with these figures."""
    other = replace(EASE, id=9)
    plan = PlanInput(2026, (criterion, other), tuple(service(n, figure, 3) for n, figure in enumerate(figures)))
    return heat_map(plan).scores[0]


def test_a_map_counted_by_hand() -> None:
    services = (
        service(7, 100, 25, 4),
        service(8, 300, None, 2, given=(2, 5)),
        service(9, 200, 5, None),
        service(10, 999, 99, 5, provided=False, given=(0, 0)),
    )
    assert heat_map(PlanInput(2026, (OPPORTUNITY, SECOND, EASE), services)) == HeatMap(
        fiscal_year=2026,
        criteria=[1, 2, 3],
        axes=["opportunity", "opportunity", "ease"],
        weights=[3.0, 1.0, 1.0],
        services=[7, 8, 9, 10],
        figures=[[100, 300, 200, None], [25, None, 5, None], [4, 2, None, None]],
        scores=[[1.0, 5.0, 3.0, None], [3.0, None, 1.0, None], [4, 2, None, None]],
        opportunity=[(3 * 1 + 1 * 3) / 4, 5.0, (3 * 3 + 1 * 1) / 4, None],
        ease=[4.0, 2.0, None, None],
        group=["fill_in", "bet", None, None],
        confidence=[1.0, 0.4, 0.8, 0.0],
    )


@pytest.mark.parametrize(
    ("opportunity", "ease", "group"),
    [(3, 3, "quick_win"), (3, 2, "bet"), (2, 3, "fill_in"), (2, 2, "hold")],
)
def test_a_score_of_three_speaks_for_sharing(opportunity: int, ease: int, group: str) -> None:
    criteria = (replace(EASE, id=1, axis="opportunity"), EASE)
    assert heat_map(PlanInput(2026, criteria, (service(1, opportunity, ease),))).group == [group]


def test_equal_figures_share_the_middle_of_their_ranks() -> None:
    assert computed(OPPORTUNITY, 10, 20, 20, 20, 30) == [1.0, 3.0, 3.0, 3.0, 5.0]
    assert computed(OPPORTUNITY, 10, 10, 20, 30, 40) == [1.5, 1.5, 3.0, 4.0, 5.0]
    assert computed(OPPORTUNITY, 7, 7, 7) == [3.0, 3.0, 3.0]
    assert computed(OPPORTUNITY, 7) == [3.0]
    assert computed(OPPORTUNITY, 7, None) == [3.0, None]


def test_a_limit_counts_once_it_is_reached() -> None:
    assert computed(SECOND, 9.99, 10, 29, 30, 40, 4000) == [1.0, 2.0, 3.0, 4.0, 5.0, 5.0]


def test_where_low_is_good_the_score_is_turned_around() -> None:
    assert computed(replace(OPPORTUNITY, high_is_good=False), 10, 20, 30) == [5.0, 3.0, 1.0]
    assert computed(replace(SECOND, high_is_good=False), 9, 40) == [5.0, 1.0]


@pytest.mark.parametrize(("rule", "score"), [("leave_out", None), ("middle", 3.0), ("worst", 1.0)])
@pytest.mark.parametrize("high", [True, False])
def test_a_missing_figure_counts_as_the_criterion_says(rule: str, score: float | None, high: bool) -> None:
    assert computed(replace(OPPORTUNITY, when_missing=rule, high_is_good=high), 10, None, 20)[1] == score


def test_a_criterion_without_weight_moves_nothing() -> None:
    services = (service(1, 10, 40, 3), service(2, 20, 5, 3))
    held = heat_map(PlanInput(2026, (OPPORTUNITY, replace(SECOND, weight=0.0), EASE), services))
    assert held.opportunity == held.scores[0] and held.confidence == [1.0, 1.0]


LIMITS = st.lists(st.integers(-50, 50), min_size=4, max_size=4, unique=True).map(sorted).map(tuple)
CRITERIA = st.builds(
    CriterionInput,
    id=st.integers(1, 10**6),
    axis=st.sampled_from(["opportunity", "ease"]),
    judged=st.just(False),
    high_is_good=st.booleans(),
    weight=st.integers(0, 900).map(lambda hundredths: hundredths / 100),
    scale=st.sampled_from(["rank", "limits"]),
    limits=LIMITS,
    when_missing=st.sampled_from(["leave_out", "middle", "worst"]),
)


@st.composite
def plans(draw: st.DrawFn) -> PlanInput:
    criteria = draw(st.lists(CRITERIA, max_size=5, unique_by=lambda one: one.id))
    figures = st.tuples(*[maybe(st.integers(-60, 60).map(float)) for _ in criteria])
    rows = draw(st.lists(st.tuples(st.booleans(), st.integers(0, 5), figures), max_size=8))
    services = (ServiceInput(n, provided, (count, 5), own) for n, (provided, count, own) in enumerate(rows))
    return PlanInput(2026, tuple(criteria), tuple(services))


@some
@given(plans())
def test_scores_and_axes_lie_between_one_and_five(plan: PlanInput) -> None:
    found = heat_map(plan)
    columns = [*found.scores, found.opportunity, found.ease]
    assert all(score is None or 1 <= score <= 5 for column in columns for score in column)
    assert all(0 <= share <= 1 for share in found.confidence)
    for place, own in enumerate(plan.services):
        if not own.provided:
            assert all(column[place] is None for column in columns) and found.group[place] is None


@some
@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_services_is_irrelevant(plan: PlanInput, random: object) -> None:
    turned = replace(plan, services=tuple(reversed(plan.services)))
    one, other = heat_map(plan), heat_map(turned)
    assert (one.opportunity, one.ease, one.group) == (other.opportunity[::-1], other.ease[::-1], other.group[::-1])


@some
@given(plans(), st.floats(0.1, 10))
def test_only_the_proportion_of_weights_matters(plan: PlanInput, factor: float) -> None:
    more = tuple(replace(one, weight=one.weight * factor) for one in plan.criteria)
    assert heat_map(plan).opportunity == pytest.approx(heat_map(replace(plan, criteria=more)).opportunity, abs=1e-5)


@some
@given(plans())
def test_a_higher_figure_never_scores_lower_where_high_is_good(plan: PlanInput) -> None:
    found = heat_map(plan)
    for criterion, figures, scores in zip(plan.criteria, found.figures, found.scores, strict=True):
        known = sorted(
            (figure, score)
            for figure, score in zip(figures, scores, strict=True)
            if figure is not None and score is not None
        )
        rising = [score for _, score in known]
        assert rising == sorted(rising, reverse=not criterion.high_is_good)


@some
@given(plans())
def test_a_result_survives_json(plan: PlanInput) -> None:
    found = asdict(heat_map(plan))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
