"""What the phases declare, over the registry: names lead somewhere, and no declaration is too narrow or idle."""

from __future__ import annotations

import importlib
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assess.models import (
    Answer,
    Campaign,
    Capability,
    CapabilityRating,
    DuplicateFinding,
    Question,
    Questionnaire,
    QuestionSet,
    RiskScore,
)
from assess.models import Criterion as HeatCriterion
from bootstrap import ROOT
from design.models import CostPool
from ssoplanner.core.models import Agency, Benchmark, Plan, Provision, Service, ServiceArea, Versioned
from ssoplanner.phases import PHASES
from ssoplanner.recompute import clock, touch
from ssoplanner.recompute.calculations import Calculation, Key, calculations, declared
from ssoplanner.recompute.compute import Computation
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.sweep import seed_plan
from ssoplanner.recompute.touch import Change, closure
from ssoplanner.recompute.writer import input_fields
from ssoplanner.starter.services import starter_services
from ssoplanner.steps.models import Risk, StepProgress
from ssoplanner.steps.registry import step, steps
from tests.assess.changing import REFUSED, Edit, edits
from tests.recompute.conftest import Declare, declare  # noqa: F401
from tests.recompute.figures import change, counts, moved
from tests.world import PlanRows, make, make_plan

KEYS = [calculation.key for calculation in declared()]
Payloads = dict[Key, str]


# --- Names ----------------------------------------------------------------------------------------------------------


def test_there_are_23_steps_with_keys_of_their_own() -> None:
    keys = [one.key for one in steps()]
    assert len(keys) == len(set(keys)) == 23
    assert all(step(key).key == key for key in keys)


def test_the_steps_stand_in_order_under_their_phases() -> None:
    numbers = [tuple(int(part) for part in one.code.split(".")) for one in steps()]
    assert numbers == sorted(set(numbers))
    by_number = {phase.number: phase.key for phase in PHASES}
    assert [one.key.split(".")[0] for one in steps()] == [by_number[phase] for phase, _ in numbers]


def test_each_calculation_has_a_key_of_its_own() -> None:
    assert len(KEYS) == len(set(KEYS)) > 0


@pytest.mark.parametrize("key", KEYS)
def test_a_calculation_has_its_module_its_function_and_its_test(key: str) -> None:
    phase, name = key.split(".")
    assert phase in {one.key for one in PHASES}
    module = importlib.import_module(f"{phase}.calc.{name}")
    assert calculations()[key].calculate is getattr(module, name)
    public = [
        one
        for one, value in vars(module).items()
        if callable(value) and not isinstance(value, type) and value.__module__ == module.__name__ and one[0] != "_"
    ]
    assert public == [name]
    assert (ROOT / "tests" / phase / "calc" / f"test_{name}.py").is_file()


# --- Inputs ---------------------------------------------------------------------------------------------------------


# Measure, subject (a service of the starter catalogue where empty), key in the library. The first two are rivals.
BENCHMARKS = (
    ("volume_per_fte", "IT-1", ""),
    ("volume_per_fte", "IT-1", ""),
    ("employees_per_fte", "IT-1", ""),
    ("volume_per_fte", "IT", ""),
    ("employees_per_fte", "IT", ""),
    ("volume_per_fte", "", "a-survey"),
)


def benchmark(measure: str, subject: str, library: str, number: int) -> dict[str, Any]:
    """Quartiles, or for one of the library a single figure."""
    figures = {"figure": 40} if library else {"p25": 10 + number, "p50": 60, "p75": 90}
    about = {"metric": f"{measure} of {subject}", "measure": measure, "subject": subject, "library": library}
    return {**about, **figures, "unit": "a year", "population": "states", "source": "a survey", "year": 2020}


# From which each can be changed by itself to one of the values in `changing`.
SETTINGS = {
    "fiscal_year_start": 1,
    "readiness_threshold": Decimal(2),
    "discount_rate": Decimal("0.03"),
    "discount_rate_date": date(2026, 1, 1),
    "discount_rate_source": "the treasury",
}


@pytest.fixture
def rows(db: None) -> PlanRows:
    """A plan in which every figure that a formula looks at is given, differently for each agency."""
    made = make_plan("here")
    figures: dict[str, Any] = {
        "annual_cost": Decimal(1000),
        "fte": Decimal("1.5"),
        "volume": 100,
        "users_served": 50,
        "resolution_hours": Decimal(4),
        "has_sop": True,
        "automated_share": Decimal("0.25"),
        "has_dashboard": False,
    }
    change(made.provision, **figures)
    change(made.other_provision, **{**figures, "annual_cost": Decimal(3000), "volume": 70, "has_sop": False})
    make(Provision, made.plan, agency=made.own, service=made.spare_service, fiscal_year=2026, **figures)
    make(Provision, made.plan, agency=made.own, service=made.service, fiscal_year=2025, **figures)
    for agency, end_users in ((made.own, 100), (made.other, 300)):
        change(agency, end_users=end_users)
    change(made.system, services=[made.service])
    make(ServiceArea, made.plan, code="HR", name="HR")
    # Nobody provides that service, and nothing belongs to that agency: they can be removed.
    make(Service, made.plan, area=made.area, code="IT-3", name="Repair", volume_unit="repair")
    make(Agency, made.plan, code="NEW", name="New")
    change(made.plan, **SETTINGS)
    standard, (_, starter) = next(iter(starter_services().items()))
    change(made.spare_service, standard=standard, volume_unit=starter.unit)
    for number, (measure, subject, library) in enumerate(BENCHMARKS):
        make(Benchmark, made.plan, **benchmark(measure, subject or standard, library, number))
    add_criteria(made.plan)
    add_answers(made)
    add_capabilities(made)
    make(RiskScore, made.plan, phase="assess", risk="money", rater="own", score=1)  # by one side only
    add_gate(made)
    add_costs(made)
    seed_plan(made.plan.pk)
    return made


# Code, axis, measure, scale. One has no figure for one of the services, and there is a second one to judge by.
CRITERIA = (
    ("sla", "opportunity", "sla", "limits"),
    ("cost", "ease", "cost", "rank"),
    ("common", "ease", "commonality", "limits"),
    ("free", "ease", "judged", "rank"),
)


def add_criteria(plan: Plan) -> None:
    for code, axis, measure, scale in CRITERIA:
        values = {"code": code, "name": code, "axis": axis, "measure": measure, "scale": scale, "weight": 2}
        make(HeatCriterion, plan, **values, limits=[10, 20, 50, 90])


def add_answers(rows: PlanRows) -> None:
    """Questions, one of them for another tier; a second respondent, a rating by the office, campaigns before."""
    plan, first = rows.plan, rows.question.question_set  # type: ignore[union-attr]
    words = {"pillars": ["people"], "text": "How?", "levels": ["1", "2", "3", "4", "5"], "weight": 2}
    asked = [("CU-02", "culture", []), ("DI-01", "digital", []), ("DI-02", "digital", ["municipal"])]
    questions = [
        make(Question, plan, question_set=first, code=code, dimension=dimension, tiers=tiers, **words)
        for code, dimension, tiers in asked
    ]
    make(QuestionSet, plan, number=3, published_on=date(2026, 2, 2))
    for year in (2024, 2025):  # nobody answered in the second of them
        when = {"opens": date(year, 1, 5), "closes": date(2098, 1, 5)}
        chosen = {"agencies": [rows.own, rows.other], "title": f"Campaign {year}"}
        make(Campaign, plan, question_set=first, targets={"culture": 3}, **when, **chosen)
    given = {"submitted_at": datetime(2026, 3, 1, tzinfo=UTC), "respondent": rows.people["office"]}
    about = {"campaign": rows.campaign, "agency": rows.other}
    sheets = [make(Questionnaire, plan, **about, **given, independent=independent) for independent in (True, False)]
    make(Questionnaire, plan, campaign=rows.campaign, agency=rows.other, respondent=rows.people["analyst"])
    for sheet in sheets:
        said = {"questionnaire": sheet, "agency": rows.other}
        make(Answer, plan, question=questions[0], kind="level", level=4, **said)
        make(Answer, plan, question=questions[1], kind="unknown", **said)


def add_gate(rows: PlanRows) -> None:
    """A step of the next phase with a date, and two major risks of the log of which each lacks one thing."""
    make(StepProgress, rows.plan, step="design.scope", due=date(2027, 1, 5))
    make(RiskScore, rows.plan, phase="assess", risk="procurement", rater="own", score=3)
    for lacking in ({"owner": rows.people["office"]}, {"due": date(2027, 1, 5)}):
        make(Risk, rows.plan, title="Large", probability=4, impact=4, **lacking)


def add_costs(rows: PlanRows) -> None:
    """Beside a fixed cost one of each other kind, with a reason for each not to be charged to federal awards."""
    change(rows.cost_pool, unallowable_reason="A rule")
    known = {"amount": 90, "first_year": 2027, "unallowable_reason": "A rule", "service": rows.service}
    make(CostPool, rows.plan, name="Agents", kind="step", step_volume=3, **known)
    make(CostPool, rows.plan, name="Migration", kind="one_time", spread_years=3, **known)
    make(CostPool, rows.plan, name="Each unit", kind="variable", **known)


def add_capabilities(rows: PlanRows) -> None:
    """One that nobody rated, the services that need the other, and what people say of systems with one function."""
    make(Capability, rows.plan, code="C2", name="Not rated")
    change(rows.capability, services=[rows.service])
    for system, cost in ((rows.system, 900), (rows.other_system, 700)):
        change(system, annual_cost=cost, users=10)
    change(rows.system, contract_end=date(2030, 1, 2))
    change(CapabilityRating.objects.for_plan(rows.plan).get(agency=rows.own), systems=[rows.system])
    make(DuplicateFinding, rows.plan, function=rows.system.function, is_duplicate=False, reason="Each is needed")


def payloads(plan: Plan, days: int = 0) -> Payloads:
    """Every result, computed from the inputs as they are."""
    computation = FromInputs("default", plan.pk, clock.now() + timedelta(days=days))
    keys = [(key, one) for key, each in calculations().items() for one in each.per.partitions(plan.pk)]
    return {(key, one): computation.make(key, one).payload for key, one in keys}


class FromInputs(Computation):
    def is_current(self, row: Derived) -> bool:
        return False


def tables(models: Any) -> set[str]:
    """The tables of these models and of the links that start at them."""
    links = {many.m2m_db_table() for model in models for many in model._meta.many_to_many}
    return {model._meta.db_table for model in models} | links


def test_loading_reads_no_table_that_is_not_declared(rows: PlanRows, declare: Declare) -> None:  # noqa: F811
    read: dict[str, set[str]] = {}

    def watched(calculation: Calculation) -> Calculation:
        def load(*arguments: Any) -> Any:
            with CaptureQueriesContext(connection) as queries:
                inputs = calculation.load(*arguments)
            sql = " ".join(query["sql"] for query in queries)
            read.setdefault(calculation.key, set()).update(re.findall(r'(?:FROM|JOIN) "(\w+)"', sql))
            return inputs

        return replace(calculation, load=load)

    declare(*map(watched, declared()))
    payloads(rows.plan)
    assert read.keys() == set(KEYS)
    for key, found in read.items():
        assert found <= tables(calculations()[key].reads), key
        assert found or calculations()[key].needs, key  # or it stands on stored results alone


def test_what_is_not_daily_does_not_look_at_the_date(rows: PlanRows) -> None:
    today, in_spring = payloads(rows.plan), payloads(rows.plan, days=120)
    differing = {key for key, _ in (today.items() ^ in_spring.items())}
    assert {key for key, _ in differing if not calculations()[key].daily} == set()


# --- Declarations ---------------------------------------------------------------------------------------------------


def read_models() -> list[type[Versioned]]:
    """The inputs of all calculations. That they read no others is tested above."""
    models = {model for key in KEYS for model in calculations()[key].reads}
    return sorted(models, key=lambda model: model.__name__)


# It repeats the agency of its questionnaire, and follows no other.
FIXED = {(Answer, "agency")}


def test_every_field_of_every_input_is_changed_by_some_edit_and_rows_come_and_go(rows: PlanRows) -> None:
    """Else the test below would say of such a field that all is well."""
    made = set()
    for edit in edits(rows.plan, read_models()):
        kind = (edit.model, edit.field or edit.what.split()[-1])
        if kind not in made and fits(edit):
            made.add(kind)
    fields = {(model, name) for model in read_models() for name in input_fields(model)}
    come_and_go = {(model, what) for model in read_models() if model is not Plan for what in ("removed", "added")}
    assert sorted(f"{model.__name__} {what}" for model, what in (fields | come_and_go) ^ made ^ FIXED) == []


def fits(edit: Edit) -> bool:
    """Whether it can be made; it is taken back at once."""
    with transaction.atomic():
        try:
            edit.make()
        except REFUSED:
            return False
        finally:
            transaction.set_rollback(True)
    return True


# Of each model so many rows are edited in the quick test.
ROWS = 2


class Seen:
    """What one edit changed, and the changes that the writer noted for it."""

    def __init__(self, what: str, changes: list[Change], changed: set[Key], touched: set[Key]) -> None:
        self.what, self.changes, self.changed, self.touched = what, changes, changed, touched


def tried(
    plan: Plan, model: type[Versioned], monkeypatch: pytest.MonkeyPatch, most: int | None = None
) -> Iterator[Seen]:
    """Make every edit of the model, or of `most` of its rows, look at every result afterwards, and take it back."""
    noted: list[Change] = []
    monkeypatch.setattr("ssoplanner.recompute.saving.closure", watched_closure(noted))
    before, counted = payloads(plan), counts(plan)
    for edit in edits(plan, [model], rows=most):
        noted.clear()
        with transaction.atomic():
            try:
                with transaction.atomic():
                    edit.make()
            except REFUSED:
                transaction.set_rollback(True)
                continue
            after = payloads(plan)
            changed = {key for key, _ in before.items() ^ after.items()}
            touched = set(moved(counted, counts(plan))) | retired(plan)
            yield Seen(str(edit), list(noted), changed, touched)
            transaction.set_rollback(True)


def watched_closure(noted: list[Change]) -> Callable[..., Any]:
    def watched(plan_id: int, changes: list[Change]) -> Any:
        noted.extend(changes)
        return closure(plan_id, changes)

    return watched


def retired(plan: Plan) -> set[Key]:
    found = Derived.objects.filter(plan=plan).exclude(retired_at=None)
    return set(found.values_list("calculation", "partition"))


def narrower(calculation: Calculation, model: type[Versioned]) -> Iterator[tuple[str, Calculation]]:
    """The same with less declared of the model: the whole of it left out, or one of its fields."""
    if (reads := calculation.reads.get(model)) is None:
        return
    name = f"{calculation.key} without {model.__name__}"
    rest = {other: how for other, how in calculation.reads.items() if other is not model}
    yield name, replace(calculation, reads=rest)
    for field in sorted(reads.fields or ()):
        fewer = replace(reads, fields=(reads.fields or frozenset()) - {field})
        yield f"{name}.{field}", replace(calculation, reads={**rest, model: fewer})


def remembering(calculation: Calculation) -> Calculation:
    """The same, which computes nothing twice: it is pure, and most edits leave most inputs as they were."""
    known: dict[bytes, Any] = {}

    def calculate(inputs: Any) -> Any:
        key = pickle.dumps(inputs)
        if key not in known:
            known[key] = calculation.calculate(inputs)
        return known[key]

    return replace(calculation, calculate=calculate)


@pytest.mark.parametrize("model", read_models(), ids=lambda model: model.__name__)
def test_no_declaration_is_too_narrow(
    rows: PlanRows,
    declare: Declare,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    model: type[Versioned],
) -> None:
    """Whatever an edit changes was counted up; else a figure would say that it is current and be wrong."""
    declare(*map(remembering, declared()))
    seen = list(tried(rows.plan, model, monkeypatch, most=ROWS))
    assert [f"{one.what}: {key}" for one in seen for key in sorted(one.changed - one.touched)] == []
    assert seen


@pytest.mark.full
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("model", read_models(), ids=lambda model: model.__name__)
def test_no_declaration_is_idle(
    rows: PlanRows,
    declare: Declare,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    model: type[Versioned],
) -> None:
    """What is declared changes a result by some edit of some row, or else the plan here is too poor to show it."""
    declare(*map(remembering, declared()))
    every = list(tried(rows.plan, model, monkeypatch))
    assert [f"{one.what}: {key}" for one in every for key in sorted(one.changed - one.touched)] == []
    seen = [one for one in every if one.changed]
    idle = [
        name
        for calculation in declared()
        for name, less in narrower(calculation, model)
        if named_by(less, seen) == named_by(calculation, seen)
    ]
    assert idle == [], idle


def named_by(calculation: Calculation, seen: list[Seen]) -> set[tuple[str, str]]:
    """(edit, partition) for each of its results that changed and that its own declaration names."""
    named = set()
    for one in seen:
        partitions = touch._direct(calculation, one.changes)
        changed = {partition for key, partition in one.changed if key == calculation.key}
        named |= {(one.what, partition) for partition in (changed if partitions is None else changed & partitions)}
    return named
