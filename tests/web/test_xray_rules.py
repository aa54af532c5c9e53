"""Each rule of the X-ray finds what is wrong, and nothing else; a sound plan has nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from ssoplanner.access.invitations import new_account
from ssoplanner.core.models import Agency, Membership, Role, Service, ServiceArea, System, User
from ssoplanner.recompute import clock
from ssoplanner.recompute.models import Derived
from ssoplanner.steps.models import ShiftStanding, StepProgress
from ssoplanner.steps.shifts import SHIFTS, Shift
from ssoplanner.web.xray.rules import ABOUT, REGISTERS, rules
from tests.recompute.figures import change
from tests.web.sound_plan import FAR_OFF, LONG_AGO, SoundPlan, found, make_sound_plan
from tests.world import make, make_plan

pytestmark = pytest.mark.django_db
Wrong = Callable[[SoundPlan], Any]
SOON = clock.now().date() + timedelta(days=30)


@pytest.fixture
def sound(db: None) -> SoundPlan:
    return make_sound_plan()


def lost() -> User:
    """Somebody who is not in the plan."""
    return new_account(email="gone@sound.example.gov", name="Gil Gone", password=None)


def step(sound: SoundPlan, **values: Any) -> Any:
    return make(StepProgress, sound.plan, step="assess.readiness", **values)


def after_the_first_phase(sound: SoundPlan) -> None:
    for key in ("assess.readiness", "assess.heat_map", "assess.capabilities"):
        make(StepProgress, sound.plan, step=key, status="complete")


def judged(sound: SoundPlan, shifts: Iterable[Shift]) -> None:
    for shift in shifts:
        make(ShiftStanding, sound.plan, shift=shift.key, level=1, since=LONG_AGO, evidence="A list")


def results(sound: SoundPlan, **values: Any) -> Any:
    row = Derived.objects.get(plan=sound.plan, calculation="assess.current_state")
    return Derived.objects.filter(pk=row.pk).update(**values)


def second_agency(sound: SoundPlan, **values: Any) -> Any:
    """An agency with a lead."""
    facts = {"code": "B", "name": "Health", "status": "engaged", "headcount": 10, "end_users": 9, **values}
    agency = make(Agency, sound.plan, **facts)
    change(sound.membership, agencies=[sound.agency, agency])
    return agency


# Rule: (what is made wrong, what the rule says of it)
CASES: dict[str, tuple[Wrong, str]] = {
    "plan.no_figures": (lambda s: change(s.plan, base_year=2027), "No agency has figures for fiscal year 2027."),
    "plan.no_discount_rate": (
        lambda s: change(s.plan, discount_rate=None, discount_rate_date=None, discount_rate_source=""),
        "No discount rate with its date and source.",
    ),
    "plan.no_problem": (lambda s: change(s.plan, problem=""), "Nothing says which problem the plan answers."),
    "agency.committed_without_figures": (lambda s: second_agency(s, status="onboarded"), "Health"),
    "agency.no_figures": (second_agency, "Health"),
    "agency.no_lead": (lambda s: change(s.membership, agencies=[]), "Parks"),
    "agency.no_headcount": (lambda s: change(s.agency, headcount=None), "Parks"),
    "agency.no_end_users": (lambda s: change(s.agency, end_users=None), "Parks"),
    "people.lead_without_agency": (lambda s: make(Membership, s.plan, user=s.office, role=Role.LEAD), "olga"),
    "people.lead_of_left_agency": (lambda s: second_agency(s, status="left"), "leo"),
    "figures.fte_above_headcount": (
        lambda s: change(s.provision, fte=Decimal("100.5")),
        "Parks: 100.5 FTE in its services, 100 people",
    ),
    "figures.users_above_end_users": (
        lambda s: change(s.provision, users_served=91),
        "Parks: 1 of 1 service above its 90 end users",
    ),
    "figures.cost_without_fte": (lambda s: change(s.provision, fte=None), "Parks: 1 of 1 service"),
    "figures.fte_without_cost": (lambda s: change(s.provision, annual_cost=None), "Parks: 1 of 1 service"),
    "figures.neither": (lambda s: change(s.provision, annual_cost=None, fte=None), "Parks: 1 of 1 service"),
    "figures.cost_without_volume": (lambda s: change(s.provision, volume=None), "Parks: 1 of 1 service"),
    "figures.unsourced": (lambda s: change(s.provision, source=""), "Parks: 1 of 1 service"),
    "service.not_provided": (
        lambda s: make(Service, s.plan, area=s.service.area, code="IT-2", name="Hosting", volume_unit="server"),
        "Hosting",
    ),
    "service.empty_area": (lambda s: make(ServiceArea, s.plan, code="HR", name="Staff"), "Staff"),
    "system.ended": (
        lambda s: change(s.system, contract_end=LONG_AGO, end_of_support=FAR_OFF),
        "Help: contract ended Jan 31, 2020",
    ),
    "system.ends_soon": (lambda s: change(s.system, end_of_support=SOON), "Help: support ends "),
    "system.no_agency": (lambda s: change(s.system, agencies=[]), "Help"),
    "system.no_service": (lambda s: change(s.system, services=[]), "Help"),
    "system.several_for_one_function": (
        lambda s: make(System, s.plan, name="Desk 2", function=" TICKETS", agencies=[s.agency], services=[s.service]),
        "Parks,  TICKETS: Desk 2, Help",
    ),
    "kpi.no_owner": (lambda s: change(s.kpi, owner=None), "Cost"),
    "kpi.lost_owner": (lambda s: change(s.kpi, owner=lost()), "Cost: Gil Gone"),
    "kpi.no_baseline": (lambda s: change(s.kpi, baseline=None), "Cost"),
    "kpi.no_target": (lambda s: change(s.kpi, target=None), "Cost"),
    "kpi.no_date": (lambda s: change(s.kpi, target_date=None), "Cost"),
    "kpi.late": (lambda s: change(s.kpi, target_date=LONG_AGO), "Cost: due Jan 31, 2020"),
    "benchmark.old": (lambda s: change(s.benchmark, year=2010), "Cost: 2010"),
    "step.no_owner": (lambda s: step(s, status="on_track"), "1.1 "),
    "step.lost_owner": (lambda s: step(s, owner=lost()), ": Gil Gone"),
    "step.late": (lambda s: step(s, owner=s.office, due=LONG_AGO), ": due Jan 31, 2020"),
    "shift.not_judged": (
        lambda s: [after_the_first_phase(s), judged(s, SHIFTS[1:])],
        "Competing priorities to shared vision: never judged",
    ),
    "result.failed": (lambda s: results(s, attempts=2), "Current state of the plan: 1 result"),
    "result.waiting": (
        lambda s: results(s, dirty_since=clock.now() - timedelta(minutes=11)),
        "Current state of the plan: 1 result",
    ),
}
# What cannot be wrong alone: an agency without figures goes with a plan without any, and so on.
ALSO = {
    "plan.no_figures": {"agency.committed_without_figures", "service.not_provided"},
    "agency.no_lead": {"people.lead_without_agency"},
    "system.several_for_one_function": {"assess.duplicates_not_judged"},
}


def test_a_sound_plan_has_nothing(sound: SoundPlan) -> None:
    assert found(sound.plan, sound.office) == {}
    assert found(sound.plan, sound.lead) == {}


@pytest.mark.both_databases
@pytest.mark.parametrize("key", CASES)
def test_each_rule_finds_what_is_wrong_and_no_other_rule_does(sound: SoundPlan, key: str) -> None:
    make_wrong, said = CASES[key]
    make_wrong(sound)
    wrong = found(sound.plan, sound.office)
    assert wrong.keys() == {key, *ALSO.get(key, ())}
    assert len(wrong[key]) == 1
    assert said in wrong[key][0]


def test_every_shared_rule_has_a_case() -> None:
    assert {rule.key for rule in rules() if rule.about in REGISTERS} == CASES.keys()


# Whatever looks wrong at first and is not.
SOUND: dict[str, Wrong] = {
    "figures of another year count for nothing": lambda s: make(
        type(s.provision), s.plan, agency=s.agency, service=s.service, fiscal_year=2025, annual_cost=1
    ),
    "as many FTE as people": lambda s: change(s.provision, fte=100),
    "a band has a target of two values": lambda s: change(
        s.kpi, direction="band", target=None, band_low=1, band_high=2
    ),
    "a system of another function": lambda s: make(
        System, s.plan, name="Pay", function="Payroll", agencies=[s.agency], services=[s.service]
    ),
    "a contract that ends in years": lambda s: change(s.system, contract_end=FAR_OFF),
    "a benchmark of ten years ago": lambda s: change(s.benchmark, year=clock.now().year - 10),
    "a step that nobody has begun": step,
    "a step that is complete, late and nobody's": lambda s: step(s, status="complete", due=LONG_AGO),
    "shifts before the first phase is over": lambda s: make(ShiftStanding, s.plan, shift="people.vision"),
    "shifts that were judged within a year": lambda s: [after_the_first_phase(s), judged(s, SHIFTS)],
    "a result that has just begun to wait": lambda s: results(s, dirty_since=clock.now() - timedelta(minutes=9)),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_is_not_found(sound: SoundPlan, name: str) -> None:
    SOUND[name](sound)
    assert found(sound.plan, sound.office) == {}


def test_a_due_date_is_not_past_on_its_own_day(sound: SoundPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late in the evening of New York it is tomorrow in London."""
    change(sound.kpi, target_date="2031-03-14")
    for moment, late in (("2031-03-15T03:00:00+00:00", set()), ("2031-03-15T05:00:00+00:00", {"kpi.late"})):
        at = clock.now().fromisoformat(moment)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        assert found(sound.plan, sound.office).keys() & {"kpi.late"} == late


def test_an_agency_that_left_needs_nothing(sound: SoundPlan) -> None:
    change(sound.provision, fte=None, source="", annual_cost=None)
    change(sound.agency, headcount=None, end_users=None, status="left")
    make(System, sound.plan, name="Desk 2", function="Tickets", agencies=[sound.agency], services=[sound.service])
    assert found(sound.plan, sound.office).keys() == {"people.lead_of_left_agency", "service.not_provided"}


def test_what_is_wrong_in_another_plan_is_not_found_here(sound: SoundPlan) -> None:
    make_plan("there")
    assert found(sound.plan, sound.office) == {}


def test_rules_are_told_apart_and_say_all_that_the_page_needs() -> None:
    titles = [rule.title for rule in rules()]
    assert len(titles) == len(set(titles)) >= 35
    for rule in rules():
        assert rule.about in ABOUT, rule.key
        assert rule.why.endswith(".") and rule.why.count(".") == 1, rule.key
        assert Role.OFFICE in rule.mends, rule.key


def test_a_shift_is_looked_at_every_year(sound: SoundPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    after_the_first_phase(sound)
    judged(sound, SHIFTS)
    now = clock.now()
    for days, many in ((364, 0), (366, len(SHIFTS))):
        monkeypatch.setattr("ssoplanner.recompute.clock.now", lambda days=days: now + timedelta(days=days))
        said = found(sound.plan, sound.office).get("shift.not_judged", [])
        assert len(said) == many
        assert all(": last looked at on " in text for text in said)
