"""Everything that can happen to the engine, in any order, and what must hold after each step.

Writers, builders that take turns, crash and publish late, workers of the release before, a clock that jumps, messages
that are lost or doubled. Nothing here knows how the engine does it: results are held against `figures.truth`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ssoplanner.core.models import Action, Agency, AuditEvent, Plan, Service, ServiceArea
from ssoplanner.recompute.building import build_plan, claim, dirty_rows, publish, ready
from ssoplanner.recompute.calculations import Key, Lane
from ssoplanner.recompute.compute import Computation, Made, NewerFormula
from ssoplanner.recompute.models import Derived
from ssoplanner.recompute.plans import delete_plan
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.snapshot import read_snapshot
from ssoplanner.recompute.sweep import seed_plan, sweep
from ssoplanner.recompute.verify import verify_plan
from ssoplanner.recompute.writer import Conflict, bulk_load, delete, update
from tests.recompute.conftest import Clock, Declare
from tests.recompute.figures import (
    DATES,
    TODAY,
    Figures,
    build_due,
    change,
    dirty,
    said_current,
    settle,
    small_plan,
    truth,
)
from tests.world import COMMAND, make

NUMBERS = st.integers(0, 9)
NAMES = ("size", "share", "total", "label", "today", "draws")
ZONES = ("America/New_York", "Pacific/Auckland", "UTC")
AGENCY_EDITS = st.one_of(
    st.fixed_dictionaries({"headcount": NUMBERS}),
    st.fixed_dictionaries({"end_users": NUMBERS}),
    st.fixed_dictionaries({"status": st.sampled_from(["left", "engaged", "onboarded"])}),
    st.fixed_dictionaries({"name": st.sampled_from(["A", "B"])}),
    st.fixed_dictionaries({"headcount": NUMBERS, "end_users": NUMBERS}),
)


class Killed(BaseException):
    """A builder that is killed at this very point."""


class EngineMachine(RuleBasedStateMachine):
    """`Derived` and `Result` of one plan under attack."""

    def __init__(self, clock: Clock, declare: Declare) -> None:
        super().__init__()
        self.clock, self.declare, self.figures = clock, declare, Figures()
        self.revisions = dict.fromkeys(NAMES, 1)
        self.held: list[list[Made]] = []
        self.removed_versions = self.loads = self.codes = 0
        self.before: dict[int, Derived] = {}

    @initialize()
    def begin(self) -> None:
        self.release()
        self.plan = small_plan()

    def teardown(self) -> None:
        """After the last write everything becomes current, and proves right."""
        if hasattr(self, "plan"):
            try:
                sweep()
                settle(self.plan, self.clock)
                assert said_current(self.plan) == truth(self.plan, self.today(), **self.revisions)
                assert verify_plan(self.plan.pk).differences == ()
            finally:
                delete_plan(Plan.objects.get(pk=self.plan.pk), reason="the next example")

    def release(self, **older: int) -> None:
        self.declare(*self.figures.all(**{**self.revisions, **older}))

    def today(self, later: timedelta = timedelta(0)) -> date:
        zone = ZoneInfo(Plan.objects.values_list("time_zone", flat=True).get(pk=self.plan.pk))
        return (self.clock.time + later).astimezone(zone).date()

    def agency(self, number: int) -> Agency | None:
        rows = list(Agency.objects.for_plan(self.plan).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    # --- Writers --------------------------------------------------------------------------------------------------

    def edit(self, number: int, values: dict[str, Any]) -> None:
        if row := self.agency(number):
            change(row, **values)

    @rule(number=NUMBERS, values=AGENCY_EDITS)
    def save_an_agency(self, number: int, values: dict[str, Any]) -> None:
        self.edit(number, values)

    @rule(unit=st.sampled_from(["ticket", "call", "mail"]))
    def save_a_service(self, unit: str) -> None:
        change(Service.objects.for_plan(self.plan).get(), volume_unit=unit)

    @rule(zone=st.sampled_from(ZONES))
    def save_a_setting(self, zone: str) -> None:
        change(self.plan, time_zone=zone)

    @rule(edits=st.lists(st.tuples(NUMBERS, AGENCY_EDITS), min_size=2, max_size=4), fails=st.booleans())
    def save_many_in_one_block(self, edits: list[tuple[int, dict[str, Any]]], fails: bool) -> None:
        with suppress(ZeroDivisionError), saving():
            for number, values in edits:
                self.edit(number, values)
            if fails:
                raise ZeroDivisionError

    @rule(number=NUMBERS, values=AGENCY_EDITS)
    def save_and_roll_back(self, number: int, values: dict[str, Any]) -> None:
        with transaction.atomic():
            self.edit(number, values)
            transaction.set_rollback(True)

    @rule(number=NUMBERS)
    def try_to_remove_an_agency_in_a_block_that_goes_on(self, number: int) -> None:
        if row := self.agency(number):
            with saving():
                with suppress(ZeroDivisionError), saving():
                    delete(row, actor=COMMAND, version=row.version)
                    raise ZeroDivisionError
                change(row, headcount=3)

    @rule(number=NUMBERS, values=AGENCY_EDITS)
    def save_what_was_read_long_ago(self, number: int, values: dict[str, Any]) -> None:
        if row := self.agency(number):
            with suppress(Conflict):
                update(row, actor=COMMAND, version=0, values=values)

    @rule(number=NUMBERS)
    def save_what_is_refused(self, number: int) -> None:
        with suppress(ValidationError):
            self.edit(number, {"headcount": -1, "end_users": 5})

    @rule(headcount=NUMBERS)
    def add_an_agency(self, headcount: int) -> None:
        self.codes += 1
        make(Agency, self.plan, code=f"N{self.codes}", name="New", headcount=headcount)

    @rule(number=NUMBERS)
    def remove_an_agency(self, number: int) -> None:
        if row := self.agency(number):
            delete(row, actor=COMMAND, version=row.version)
            self.removed_versions += row.version

    @rule(headcounts=st.lists(NUMBERS, min_size=1, max_size=3))
    def load_agencies(self, headcounts: list[int]) -> None:
        self.codes += 1
        rows = [
            {"code": f"L{self.codes}-{number}", "name": "Loaded", "headcount": some}
            for number, some in enumerate(headcounts)
        ]
        bulk_load(Agency, plan=self.plan, actor=COMMAND, rows=rows, label="agencies")
        self.loads += 1

    # --- Builders -------------------------------------------------------------------------------------------------

    @rule(lane=st.sampled_from(Lane), levels=st.integers(1, 3))
    def build_a_part(self, lane: Lane, levels: int) -> None:
        build_due(self.plan, lane, levels=levels)

    @rule(messages=st.integers(1, 2))
    def hear_the_bell_once_or_twice(self, messages: int) -> None:
        for _ in range(messages):
            build_plan(self.plan.pk)

    @rule()
    def build_and_keep_it_in_hand(self) -> None:
        """An ordinary builder that is slow: it will publish some time later, or never."""
        rows = claim(ready(dirty_rows(self.plan.pk, Lane.FAST), self.clock.time))
        self.held.append(self.computed([(row.calculation, row.partition) for row in rows]))

    @rule(data=st.data())
    def compute_anything_and_keep_it_in_hand(self, data: st.DataObject) -> None:
        """A builder that asks nobody: neither whether a row is due, nor who holds it, nor whether it is dirty."""
        rows = Derived.objects.filter(plan=self.plan, retired_at=None).order_by("calculation", "pk")
        keys = list(rows.values_list("calculation", "partition"))
        some = data.draw(st.lists(st.sampled_from(range(50)), min_size=1, max_size=4, unique=True))
        self.held.append(self.computed([keys[number % len(keys)] for number in some]))

    def computed(self, keys: list[Key]) -> list[Made]:
        with read_snapshot() as db:
            computation = Computation(db, self.plan.pk, self.clock.time)
            made = [computation.make(key, partition) for key, partition in keys]
            return [*made, *computation.new_parts()]

    @precondition(lambda self: self.held)
    @rule(number=NUMBERS, most=st.integers(1, 5))
    def publish_what_is_in_hand(self, number: int, most: int) -> None:
        made = self.held.pop(number % len(self.held))
        for one in made[:most]:  # and is killed after so many
            publish(one)

    @rule()
    def claim_and_be_killed(self) -> None:
        claim(ready(dirty_rows(self.plan.pk, Lane.FAST), self.clock.time))

    @rule(name=st.sampled_from(NAMES), after=st.integers(0, 2))
    def be_killed_while_computing(self, name: str, after: int) -> None:
        def die(partition: str) -> None:
            raise Killed

        with self.while_computing(name, die, after):
            build_due(self.plan, levels=2)

    @rule(name=st.sampled_from(NAMES), after=st.integers(0, 1))
    def fail(self, name: str, after: int) -> None:
        def refuse(partition: str) -> None:
            raise ValueError(name)

        with self.while_computing(name, refuse, after):
            build_due(self.plan, levels=2)

    @rule(name=st.sampled_from(NAMES), number=NUMBERS, values=AGENCY_EDITS, after=st.integers(0, 2))
    def save_while_it_is_computed(self, name: str, number: int, values: dict[str, Any], after: int) -> None:
        def save(partition: str) -> None:
            """Above all the very row that is being computed."""
            row = Agency.objects.for_plan(self.plan).filter(pk=partition or None).first() or self.agency(number)
            if row:
                change(row, **values)

        with self.while_computing(name, save, after):
            build_due(self.plan, levels=2)

    @rule(name=st.sampled_from(NAMES), number=NUMBERS)
    def remove_while_it_is_computed(self, name: str, number: int) -> None:
        with self.while_computing(name, lambda partition: self.remove_an_agency(number), 0):
            build_due(self.plan, levels=2)

    @contextmanager
    def while_computing(self, name: str, happens: Callable[[str], Any], after: int) -> Iterator[None]:
        """Once, at the computation of `name` after so many others of it, between its inputs and its formula."""
        left = [after]

        def once(partition: str) -> None:
            left[0] -= 1
            if left[0] == -1:
                happens(partition)

        self.figures.during[f"t.{name}"] = once
        try:
            yield
        except Killed:
            pass
        finally:
            self.figures.during.clear()

    # --- Time, sweeps and releases ----------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.1, 0.3, 0.3, 1, 5, 5, 25, 3600, 24 * 3600, -0.2, -5, -3600, -24 * 3600]))
    def step_the_clock(self, seconds: float) -> None:
        self.clock.step(seconds)

    @rule()
    def look(self) -> None:
        sweep()
        seed_plan(self.plan.pk)

    @rule(name=st.sampled_from(NAMES), at_work=st.booleans(), looks=st.integers(0, 2))
    def raise_a_formula(self, name: str, at_work: bool, looks: int) -> None:
        """A release: its first process may build before it sweeps; one of the release before builds on."""
        self.revisions[name] += 1
        self.release()
        if at_work:
            build_due(self.plan, levels=2)
        sweep()
        self.held.clear()  # a worker of the release before that publishes late is another rule's business
        if looks:
            self.release(**{name: self.revisions[name] - 1})
            build_due(self.plan, levels=looks)
            sweep()
            self.release()

    @rule(name=st.sampled_from(NAMES))
    def publish_late_by_the_formula_before(self, name: str) -> None:
        try:
            made = self.computed(dirty(self.plan)[:5])
        except NewerFormula:
            return
        self.raise_a_formula(name, at_work=False, looks=0)
        for one in made:
            publish(one)

    # --- What must hold -------------------------------------------------------------------------------------------

    @invariant()
    def what_says_it_is_current_is_right(self) -> None:
        right = truth(self.plan, self.today(), **self.revisions)
        # Where the clock is put back over midnight, tomorrow's results hold in the last hour of the day.
        tomorrow = truth(self.plan, self.today(timedelta(hours=1)), **self.revisions)
        for key, said in said_current(self.plan).items():
            assert said == right[key] or (key[0] in (TODAY, DATES) and said == tomorrow[key]), (key, said, right[key])

    @invariant()
    def counters_never_fall(self) -> None:
        now = {row.pk: row for row in Derived.objects.filter(plan=self.plan)}
        for pk, was in self.before.items():
            row = now[pk]
            assert was.wanted <= row.wanted and was.built <= row.built <= row.wanted, (was, row)
            assert was.retired_at is None or row.retired_at == was.retired_at
            assert was.formula_revision <= row.formula_revision
        self.before = now

    @invariant()
    def each_agency_has_its_counters(self) -> None:
        rows = Derived.objects.filter(plan=self.plan, calculation=TODAY, retired_at=None)
        there = {str(pk) for pk in Agency.objects.for_plan(self.plan).values_list("pk", flat=True)}
        assert set(rows.values_list("partition", flat=True)) == there

    @invariant()
    def the_audit_has_a_row_for_each_version_and_removal(self) -> None:
        events = AuditEvent.objects.for_plan(self.plan)
        versions = self.removed_versions + Plan.objects.get(pk=self.plan.pk).version
        for model in (Agency, ServiceArea, Service):
            versions += model.objects.for_plan(self.plan).aggregate(all=Sum("version"))["all"] or 0
        removed = events.filter(action=Action.DELETE).count()
        assert events.count() == versions + removed + self.loads
