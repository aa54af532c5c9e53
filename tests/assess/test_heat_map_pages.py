"""The heat map as people see and fill it: by role, by state of the result, and with what goes wrong."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assess.models import Criterion, Judgement
from assess.pages_heat import heat_lines
from assess.starter_criteria import PRESETS, STARTER, take_preset, take_starter_criteria
from ssoplanner.access.gate import plan_for
from ssoplanner.core.models import Agency, AuditEvent, Membership, Plan, Provision, Role, Service
from ssoplanner.recompute import clock
from ssoplanner.recompute.building import build_plan
from ssoplanner.recompute.calculations import Lane
from ssoplanner.recompute.models import Derived, Release
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.writer import bulk_load, update
from tests.recompute.figures import counts, moved
from tests.world import BACKEND, COMMAND, PlanRows, make, make_plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
PAGE = "/plans/here/heat-map/"
CRITERIA, JUDGEMENTS, AGENCIES = f"{PAGE}criteria/", f"{PAGE}judgements/", f"{PAGE}agencies/"
STEP = "/plans/here/steps/assess.heat_map/"
# In the world of the tests: the service desk is judged 4 for its value, and 25 % of it runs by itself.
VERDICT = "1 quick win: Service desk."


@pytest.fixture
def rows(transactional_db: None) -> PlanRows:
    rows = make_plan("here")
    build(rows.plan)
    return rows


def build(plan: Plan) -> None:
    """Every result, the slow ones too without their wait."""
    build_plan(plan.pk)
    Derived.objects.filter(plan=plan, calculation="assess.heat_robustness").update(not_before=clock.now())
    build_plan(plan.pk, Lane.SLOW)


def client(rows: PlanRows, actor: str) -> Client:
    browser = Client()
    browser.force_login(rows.people[actor], backend=BACKEND)
    return browser


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def text(rows: PlanRows, actor: str, path: str) -> str:
    response = client(rows, actor).get(path)
    assert response.status_code == 200
    return words(response)


def release(rows: PlanRows, *calculations: str) -> None:
    for calculation in calculations:
        make(Release, rows.plan, calculation=calculation)


def judging(rows: PlanRows, service: Service | None = None) -> str:
    assert rows.criterion is not None
    return f"{JUDGEMENTS}{(service or rows.service).pk}/{rows.criterion.pk}/"


def weight_fields(rows: PlanRows, **weights: str) -> dict[str, str]:
    """What the form of all weights would send, with these by code of the criterion."""
    sent = {"figures_in": "en_US"}
    for row in Criterion.objects.for_plan(rows.plan):
        sent |= {f"w{row.pk}-weight": weights.get(row.code, str(row.weight)), f"w{row.pk}-version": str(row.version)}
    return sent


# --- The page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ["office", "board", "analyst"])
def test_it_says_which_services_are_quick_wins_and_how_firmly(rows: PlanRows, actor: str) -> None:
    page = text(rows, actor, PAGE)

    assert VERDICT in page
    assert "It stays one in at least 75 % of 10,000 other weightings." in page
    assert "Opportunity 4.0, ease 3.0 · quick win in 100 % of weightings, rank 1" in page
    assert "weight 1, judged" in page and "weight 1, high is good" in page
    assert "25 %" in page and "Current, computed" in page
    assert VERDICT in text(rows, actor, STEP)


@pytest.mark.parametrize("actor", ["lead", "viewer"])
def test_others_see_it_once_it_is_released(rows: PlanRows, actor: str) -> None:
    before, step = text(rows, actor, PAGE), text(rows, actor, STEP)
    release(rows, "assess.heat_map")
    heat_only = text(rows, actor, PAGE)
    release(rows, "assess.heat_robustness")

    assert "Not released yet" in before and "Service desk" not in before
    assert "once the program office releases it" in step and "1 quick win" not in step
    assert VERDICT in heat_only and "of weightings" not in heat_only
    assert "quick win in 100 % of weightings" in text(rows, actor, PAGE)


def test_each_cell_leads_to_what_is_behind_it_where_that_is_open(rows: PlanRows) -> None:
    release(rows, "assess.heat_map")
    grid, judge = f"/plans/here/services/{rows.service.pk}/grid/", judging(rows)
    tables = {
        actor: client(rows, actor).get(PAGE).content.decode().split("<tbody>")[1]
        for actor in ("office", "analyst", "board", "lead", "viewer")
    }
    assert {actor for actor, table in tables.items() if grid in table} == {"office", "analyst", "board", "lead"}
    assert {actor for actor, table in tables.items() if judge in table} == {"office", "analyst"}


def test_a_service_is_found_by_group_area_and_name(rows: PlanRows) -> None:
    def shown(query: str) -> bool:
        page = client(rows, "board").get(f"{PAGE}?{query}").content.decode()
        return "Service desk" in page.split('id="services"')[1]

    assert shown("") and shown("group=quick_win") and shown("area=IT") and shown("services-search=desk")
    assert not shown("group=hold") and not shown("area=HR") and not shown("services-search=payroll")
    assert shown("group=none-such")


def test_a_service_that_nobody_provides_has_no_group(rows: PlanRows) -> None:
    member = plan_for(rows.people["board"], "here")
    groups = {line.service.name: line.group.one for line in heat_lines(member)[1]}
    assert groups == {"Service desk": "Quick win", "Hosting": "Not placed"}


def test_after_a_change_the_old_verdict_stays_and_says_so(rows: PlanRows) -> None:
    assert rows.judgement is not None
    update(rows.judgement, actor=COMMAND, version=1, values={"score": 1})
    waiting = text(rows, "board", PAGE)
    build(rows.plan)

    assert VERDICT in waiting and "Being computed after a change" in waiting
    assert "No service is a quick win yet" in text(rows, "board", PAGE)


def test_an_empty_plan_says_how_to_begin(rows: PlanRows) -> None:
    plan = new_plan(name="Empty", actor=COMMAND, slug="empty")
    make(Membership, plan, user=rows.people["office"], role=Role.OFFICE)
    build(plan)

    page = text(rows, "office", "/plans/empty/heat-map/")
    assert "The heat map has no criteria yet. Take the starter set, or add your own." in page
    assert "Take the starter set" in text(rows, "office", "/plans/empty/heat-map/criteria/")
    assert "No criterion is judged by people" in text(rows, "office", "/plans/empty/heat-map/judgements/")
    assert "Nothing to compare yet" in text(rows, "office", "/plans/empty/heat-map/agencies/")
    take_starter_criteria(plan, COMMAND)
    build(plan)
    assert "The plan has no services yet." in text(rows, "office", "/plans/empty/heat-map/")


def test_weights_that_add_up_to_zero_are_said_as_what_is_missing(rows: PlanRows) -> None:
    row = Criterion.objects.for_plan(rows.plan).get(code="auto")
    update(row, actor=COMMAND, version=row.version, values={"weight": Decimal(0)})
    build(rows.plan)
    assert "The weights of the criteria for ease add up to zero." in text(rows, "board", PAGE)


@pytest.mark.parametrize("path", [PAGE, CRITERIA, JUDGEMENTS, AGENCIES, STEP])
def test_a_larger_plan_takes_no_more_queries(rows: PlanRows, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text(rows, "office", path)
        return len(captured)

    queries()
    few = queries()
    take_starter_criteria(rows.plan, COMMAND)
    services = [
        make(Service, rows.plan, area=rows.area, code=f"N{n}", name=f"New {n}", volume_unit="item") for n in range(8)
    ]
    agencies = [make(Agency, rows.plan, code=f"A{n}", name=f"Agency {n}") for n in range(8)]
    given = {"fiscal_year": 2026, "annual_cost": Decimal(9), "volume": 3}
    figures = [{"agency": agency, "service": one, **given} for agency in agencies for one in services]
    bulk_load(Provision, plan=rows.plan, actor=COMMAND, rows=figures, label="more")
    build(rows.plan)
    assert queries() == few


# --- Agencies by services --------------------------------------------------------------------------------------------


def test_agencies_are_shaded_within_a_service(rows: PlanRows) -> None:
    update(rows.provision, actor=COMMAND, version=1, values={"annual_cost": Decimal(5000)})
    body = client(rows, "board").get(AGENCIES).content.decode().split("<tbody>")[1].split("</tbody>")[0]

    agencies = [re.findall(r'class="(heat-\w+)">([^<]*)<', row) for row in body.split("</tr>")[:-1]]
    assert agencies == [[("heat-3", "$1K"), ("heat-none", "–")], [("heat-5", "$5K"), ("heat-none", "–")]]
    assert "70 %" in text(rows, "board", f"{AGENCIES}?metric=sla")


def test_leads_see_their_own_agencies_alone_and_viewers_none(rows: PlanRows) -> None:
    own = text(rows, "lead", AGENCIES)
    assert "Agency own here" in own and "Agency other here" not in own and "your own agencies" in own
    assert client(rows, "viewer").get(AGENCIES).status_code == 403


def test_names_are_text_and_never_markup(rows: PlanRows) -> None:
    update(rows.own, actor=COMMAND, version=1, values={"name": "<b>Bold</b> & co"})
    page = client(rows, "board").get(AGENCIES).content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; co" in page and "<b>Bold" not in page


# --- Criteria --------------------------------------------------------------------------------------------------------


def test_the_starter_set_is_taken_once(rows: PlanRows) -> None:
    for _ in range(2):
        assert client(rows, "office").post(CRITERIA, {"starter": "yes"}).status_code == 302
    codes = list(Criterion.objects.for_plan(rows.plan).values_list("code", flat=True))
    assert len(codes) == len(set(codes)) == len(STARTER) + 2


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_a_preset_weighs_every_criterion_and_names_only_those_of_the_starter_set(rows: PlanRows, preset: Any) -> None:
    assert preset.weights.keys() <= {one.code for one in STARTER}
    take_starter_criteria(rows.plan, COMMAND)
    assert client(rows, "office").post(CRITERIA, {"preset": preset.key}).status_code == 302
    weights = dict(Criterion.objects.for_plan(rows.plan).values_list("code", "weight"))
    assert weights == {code: preset.weights.get(code, 1) for code in weights}
    assert take_preset(rows.plan, COMMAND, "none-such") is None


def test_one_weight_touches_the_heat_map_and_what_stands_on_it(rows: PlanRows) -> None:
    before = counts(rows.plan)
    sent = weight_fields(rows, auto="2.5")
    assert client(rows, "office").post(CRITERIA, sent).status_code == 302

    assert Criterion.objects.for_plan(rows.plan).get(code="auto").weight == Decimal("2.5")
    touched = {key for key, _ in moved(before, counts(rows.plan))}
    assert touched == {"assess.heat_map", "assess.heat_robustness", "assess.gate"}
    assert AuditEvent.objects.for_plan(rows.plan).filter(model="criterion", action="update").count() == 1


def test_a_reason_alone_touches_no_figure(rows: PlanRows) -> None:
    assert rows.judgement is not None
    before = counts(rows.plan)
    update(rows.judgement, actor=COMMAND, version=1, values={"reason": "Another reason."})
    assert moved(before, counts(rows.plan)) == {}


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ("", "Give a weight; 0 switches off."),
        ("-1", "A weight is zero or more."),
        ("much", "Give a number, such as 1,200.50."),
        ("0", "The weights for ease add up to zero. Give at least one of its criteria a weight above zero."),
    ],
)
def test_a_weight_that_cannot_be_is_said_and_what_was_typed_stays(rows: PlanRows, weight: str, said: str) -> None:
    answer = client(rows, "office").post(CRITERIA, weight_fields(rows, auto=weight, value="7"))
    assert answer.status_code == 422 and said in words(answer)
    assert 'value="7"' in answer.content.decode()
    assert set(Criterion.objects.for_plan(rows.plan).values_list("weight", flat=True)) == {1}


def test_two_who_weigh_at_once_are_both_heard(rows: PlanRows) -> None:
    mine, other = weight_fields(rows, auto="3"), weight_fields(rows, value="4")
    browser = client(rows, "office")
    assert browser.post(CRITERIA, other).status_code == 302
    assert browser.post(CRITERIA, mine).status_code == 302  # another criterion: both stand
    stale = mine | {name: value for name, value in mine.items() if name.endswith("version")}
    row = Criterion.objects.for_plan(rows.plan).get(code="auto")
    stale[f"w{row.pk}-weight"] = "9"
    answer = browser.post(CRITERIA, stale)

    assert answer.status_code == 422
    assert "office of here set this to 3 on" in words(answer) and 'value="9"' in answer.content.decode()
    again = {**stale, f"w{row.pk}-version": str(row.version)}
    assert browser.post(CRITERIA, again).status_code == 302
    weights = dict(Criterion.objects.for_plan(rows.plan).values_list("code", "weight"))
    assert weights == {"auto": 9, "value": 4}


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ("1; 2; 3", "Give four figures that rise, such as 1, 2, 4, 8."),
        ("4; 3; 2; 1", "Give four figures that rise, such as 1, 2, 4, 8."),
        ("a; b", "Give four figures that rise, with semicolons between them, such as 1; 2; 4; 8."),
        ("", "Give four figures that rise, such as 1, 2, 4, 8."),
    ],
)
def test_limits_have_to_rise(rows: PlanRows, limits: str, said: str) -> None:
    sent = {"name": "Own", "axis": "ease", "measure": "sla", "better": "high", "weight": "1", "limits": limits}
    sent |= {"scale": "limits", "when_missing": "leave_out"}
    answer = client(rows, "office").post(f"{CRITERIA}new/", sent)
    assert answer.status_code == 422 and said in words(answer)
    assert (
        client(rows, "office").post(f"{CRITERIA}new/", sent | {"limits": "1,000; 2,000.5; 3,000; 4,000"}).status_code
        == 302
    )
    row = Criterion.objects.for_plan(rows.plan).get(name="Own")
    assert (row.limits, row.code, row.place) == ([1000, 2000.5, 3000, 4000], "own", 2)


def test_a_criterion_by_which_something_is_judged_stays(rows: PlanRows) -> None:
    assert rows.criterion is not None
    path = f"{CRITERIA}{rows.criterion.pk}/remove/"
    assert "is used by 1 judgement" in words(client(rows, "office").post(path, {"version": "1"}))
    assert Criterion.objects.for_plan(rows.plan).filter(pk=rows.criterion.pk).exists()


# --- Judgements ------------------------------------------------------------------------------------------------------


def test_a_judgement_counts_with_its_reason(rows: PlanRows) -> None:
    path, browser = judging(rows, rows.spare_service), client(rows, "analyst")
    for sent, said in (
        ({"score": "4"}, "Say why, in one sentence or two."),
        ({"reason": "A statute."}, "Choose a score from 1 to 5."),
        ({"score": "6", "reason": "A statute."}, "Select a valid choice"),
    ):
        answer = browser.post(path, sent)
        assert answer.status_code == 422 and said in words(answer)
    assert browser.post(path, {"score": "2", "reason": "A statute."}).status_code == 302
    assert "All 2 judgements are there." in text(rows, "board", JUDGEMENTS)
    assert "A statute." in text(rows, "board", JUDGEMENTS)


def test_the_list_shows_what_is_still_to_judge(rows: PlanRows) -> None:
    page = text(rows, "office", JUDGEMENTS)
    assert "1 still to judge. 1 judgement of 2 are there." in page and "Service desk" in page
    left = client(rows, "office").get(f"{JUDGEMENTS}?show=open").content.decode().split("<tbody>")[1]
    assert "Hosting" in left and "Service desk" not in left


def test_two_who_judge_for_the_first_time_see_each_other(rows: PlanRows) -> None:
    path = judging(rows, rows.spare_service)
    first = client(rows, "analyst").post(path, {"score": "2", "reason": "A statute."})
    mine = {"score": "5", "reason": "No statute.", "version": "0", "stored": ""}
    second = client(rows, "office").post(path, mine)

    assert first.status_code == 302 and second.status_code == 422
    assert "analyst of here" in words(second) and "No statute." in words(second) and "A statute." in words(second)
    settled = mine | {"settled": "score:1 reason:1"}
    assert client(rows, "office").post(path, settled).status_code == 302
    row = Judgement.objects.for_plan(rows.plan).get(service=rows.spare_service)
    assert (row.score, row.reason, row.version) == (5, "No statute.", 2)


def test_a_computed_criterion_is_judged_by_nobody(rows: PlanRows) -> None:
    computed = Criterion.objects.for_plan(rows.plan).get(code="auto")
    assert client(rows, "office").get(f"{JUDGEMENTS}{rows.service.pk}/{computed.pk}/").status_code == 404


# --- Working ---------------------------------------------------------------------------------------------------------


def test_the_working_shows_figure_score_and_weight(rows: PlanRows) -> None:
    page = text(rows, "board", "/plans/here/how/assess.heat_map/")
    assert "Automation (ease, weight 1)" in page and "3.0 (25 %)" in page
    figure = text(rows, "board", "/plans/here/how/assess.heat_map/?figure=quick_wins")
    assert "1 quick win" in figure and "1 service with both axes" in figure
    robust = text(rows, "board", "/plans/here/how/assess.heat_robustness/")
    assert "100.0 % of weightings" in robust
