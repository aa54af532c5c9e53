"""What the processes of a trial do inside Django: load a plan, edit it without pause, check it, count its audit.

Each role is a process of its own that speaks JSON, one object a line; see `Role` in chaos_processes. Two of them,
`write` and `check`, go on until their standard input is closed.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import F

from ssoplanner.access.invitations import invite, new_account
from ssoplanner.core.models import (
    Action,
    Agency,
    AgencyStatus,
    AuditEvent,
    Plan,
    Provision,
    Role,
    Service,
    ServiceArea,
    Source,
    System,
)
from ssoplanner.recompute import clock
from ssoplanner.recompute.calculations import Lane, lane_keys
from ssoplanner.recompute.compute import is_current
from ssoplanner.recompute.jobs import ask, cancel
from ssoplanner.recompute.models import Derived, Result
from ssoplanner.recompute.plans import new_plan
from ssoplanner.recompute.verify import verify_plan
from ssoplanner.recompute.writer import Actor, CannotDelete, Conflict, bulk_load, create, delete, update

COMMAND = Actor(user=None, source=Source.COMMAND)
YEAR = 2026
AGENCIES, SERVICES, AREAS = 40, 8, ("IT", "HR")
INPUTS = (Plan, Agency, ServiceArea, Service, System, Provision)
WRITERS = 2
# All write at once and then rest, so that a row that a burst left wrong stays in sight for a while.
PERIOD, BURST = 1.6, 0.8  # seconds


def say(**words: Any) -> None:
    print(json.dumps(words), flush=True)  # noqa: T201


def until_told() -> threading.Event:
    """Set once standard input is closed: also when whoever started this is killed."""
    told = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        told.set()

    threading.Thread(target=listen, daemon=True).start()
    return told


# --- load: a plan of 40 agencies with 8 services each -----------------------------------------------------------------


def load() -> None:
    plan = new_plan(name="Chaos", actor=COMMAND, base_year=YEAR)
    areas = _load(ServiceArea, plan, [{"code": code, "name": f"Area {code}"} for code in AREAS])
    services = _load(Service, plan, [_service(areas, n) for n in range(SERVICES)])
    agencies = _load(Agency, plan, [{"code": f"G{n}", "name": f"Agency {n}", "end_users": n} for n in range(AGENCIES)])
    figures = [{"agency": agency, "service": service} for agency in agencies for service in services]
    _load(Provision, plan, [pair | {"fiscal_year": YEAR, "annual_cost": Decimal(1000)} for pair in figures])
    for n in range(4):
        links = {"agencies": agencies[n::4], "services": services[n::4]}
        create(System, plan=plan, actor=COMMAND, values={"name": f"System {n}", "function": "Payroll", **links})
    say(plan=plan.pk, results=Derived.objects.filter(plan=plan).count())


def _load(model: Any, plan: Plan, rows: list[dict[str, Any]]) -> list[Any]:
    return bulk_load(model, plan=plan, actor=COMMAND, rows=rows, label="trial")


def _service(areas: list[ServiceArea], n: int) -> dict[str, Any]:
    return {"area": areas[n % len(AREAS)], "code": f"S{n}", "name": f"Service {n}", "volume_unit": "ticket"}


# --- write: two people who edit without pause -------------------------------------------------------------------------


class Editor:
    """Makes random edits and notes when each save began and how long it took."""

    def __init__(self, plan: Plan, rng: random.Random, name: str) -> None:
        self.plan, self.rng, self.name = plan, rng, name
        self.saves: list[tuple[float, float]] = []
        self.refused = 0
        self.added = 0

    def run(self, told: threading.Event) -> None:
        edits, weights = zip(*EDITS, strict=True)
        while not told.wait(until_burst()):
            (edit,) = self.rng.choices(edits, weights)
            try:
                edit(self)
            # The other editor was quicker: changed the field, removed the row or began to use it, took the key.
            except (Conflict, CannotDelete, ObjectDoesNotExist, ValidationError):
                self.refused += 1

    def any(self, model: Any, **which: Any) -> Any:
        """A random row, as this editor's page would show it; nothing if there is none."""
        keys = list(model.objects.filter(plan=self.plan, **which).values_list("pk", flat=True))
        return model.objects.filter(plan=self.plan).get(pk=self.rng.choice(keys)) if keys else None

    def timed(self, save: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        began = time.monotonic()
        save(*arguments, actor=COMMAND, **options)
        self.saves.append((began, time.monotonic() - began))

    def change(self, row: Any, **values: Any) -> None:
        if row is not None:
            self.timed(update, row, version=row.version, values=values)

    def add(self, model: Any, **values: Any) -> None:
        self.timed(create, model, plan=self.plan, values=values)

    def remove(self, row: Any) -> None:
        if row is not None:
            self.timed(delete, row, version=row.version)


def until_burst() -> float:
    """Seconds until the next burst begins; zero in the middle of one."""
    into = time.monotonic() % PERIOD
    return 0.0 if into < BURST else PERIOD - into


def edit_figures(editor: Editor) -> None:
    met = editor.rng.randint(0, 100)
    values = {"annual_cost": Decimal(editor.rng.randint(0, 10**6)), "fte": Decimal(met) / 4, "volume": met}
    editor.change(editor.any(Provision), **values, sla_met=met, sla_total=100)


def edit_agency(editor: Editor) -> None:
    values = {"end_users": editor.rng.randint(1, 999), "status": editor.rng.choice(AgencyStatus.values)}
    editor.change(editor.any(Agency), **values)


def edit_base_year(editor: Editor) -> None:
    """Every result depends on it."""
    editor.change(Plan.objects.get(pk=editor.plan.pk), base_year=editor.rng.choice([YEAR - 1, YEAR, YEAR]))


def edit_unit(editor: Editor) -> None:
    editor.change(editor.any(Service), volume_unit=editor.rng.choice(["ticket", "hire", "invoice"]))


def edit_links(editor: Editor) -> None:
    agencies = [agency for agency in (editor.any(Agency), editor.any(Agency)) if agency]
    editor.change(editor.any(System), agencies=agencies, function=editor.rng.choice(["Payroll", "Hiring"]))


def add_agency(editor: Editor) -> None:
    editor.added += 1
    code = f"{editor.name}{editor.added}"
    editor.add(Agency, code=code, name=f"Agency {code}", end_users=editor.rng.randint(1, 999))


def remove_agency(editor: Editor) -> None:
    editor.remove(editor.any(Agency, provisions=None))


def add_provision(editor: Editor) -> None:
    values = {"agency": editor.any(Agency), "service": editor.any(Service), "annual_cost": Decimal(7)}
    editor.add(Provision, **values, fiscal_year=editor.rng.choice([YEAR - 1, YEAR]))


def remove_provision(editor: Editor) -> None:
    editor.remove(editor.any(Provision))


EDITS = (
    (edit_figures, 45),
    (edit_agency, 8),
    (edit_base_year, 16),
    (edit_unit, 8),
    (edit_links, 6),
    (add_agency, 4),
    (remove_agency, 4),
    (add_provision, 6),
    (remove_provision, 3),
)


def write(plan_id: str, seed: str) -> None:
    """Edit until told to stop; anything but the refusals of an edit that came second ends the process with a trace."""
    told, plan = until_told(), Plan.objects.get(pk=plan_id)
    editors = [Editor(plan, random.Random(f"{seed} {n}"), f"{seed}{'AB'[n]}") for n in range(WRITERS)]
    threads = [Reported(editor.run, told) for editor in editors]
    for thread in threads:
        thread.start()
    say(ready=True)
    for thread in threads:
        thread.join()
    trouble = [thread.trouble for thread in threads if thread.trouble]
    saves = [save for editor in editors for save in editor.saves]
    say(saves=saves, refused=sum(editor.refused for editor in editors), trouble=trouble)


class Reported(threading.Thread):
    """A thread that keeps what it failed with."""

    def __init__(self, work: Callable[[threading.Event], None], told: threading.Event) -> None:
        super().__init__(daemon=True)
        self.work, self.told, self.trouble = work, told, ""

    def run(self) -> None:
        try:
            self.work(self.told)
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"


# --- check: nothing that says it is current differs from its formula --------------------------------------------------


def check(plan_id: str) -> None:
    """Verify in one read snapshot after the other until told to stop: what differs, and which counters fell."""
    told, before = until_told(), dict[int, tuple[int, int]]()
    while not told.is_set():
        began = time.monotonic()
        now = {row[0]: row[1:] for row in Derived.objects.filter(plan=plan_id).values_list("pk", "built", "wanted")}
        fell = [
            pk for pk, seen in before.items() if any(a < b for a, b in zip(now.get(pk, (-1, -1)), seen, strict=True))
        ]
        before = now
        verdict = verify_plan(int(plan_id))
        wrong = [f"{one.calculation} {one.partition}: {one.why}" for one in verdict.differences]
        wrong += [f"counter {pk} fell or went" for pk in fell]
        quick = verdict.waiting - verdict.waiting_slow
        say(began=began, compared=verdict.compared, waiting=verdict.waiting, waiting_quick=quick, wrong=wrong)
        told.wait(0.1)


# --- audit: every version of every row has its event ------------------------------------------------------------------


def audit(plan_id: str) -> None:
    say(wrong=[sentence for model in INPUTS for sentence in miscounted(model, int(plan_id))])


def miscounted(model: Any, plan_id: int) -> Iterator[str]:
    """Rows of an input whose versions are not as many as their saves in the audit, those that were removed included."""
    events = AuditEvent.objects.filter(plan_id=plan_id, model=model._meta.model_name)
    saved: dict[int, int] = {}
    for pk in events.filter(action__in=[Action.CREATE, Action.UPDATE]).values_list("row_id", flat=True):
        saved[pk] = saved.get(pk, 0) + 1
    rows = model._base_manager.filter(**{"pk" if model is Plan else "plan_id": plan_id})
    versions = dict(rows.values_list("pk", "version"))
    removed = dict(events.filter(action=Action.DELETE).values_list("row_id", "version"))
    for pk in sorted(saved.keys() | versions.keys() | removed.keys()):
        expected = versions.get(pk, removed.get(pk))
        if (pk in versions) == (pk in removed) or expected != saved.get(pk, 0):
            yield f"{model.__name__} {pk}: version {expected}, {saved.get(pk, 0)} saves in the audit"


# --- edit, measure, wait and spoil: for single tests ------------------------------------------------------------------


def edit(plan_id: str) -> None:
    """One change on which every result depends."""
    editor = Editor(Plan.objects.get(pk=plan_id), random.Random(1), "E")
    editor.change(editor.any(Service), volume_unit=f"unit {time.monotonic()}")
    say(saves=len(editor.saves))


def measure(plan_id: str, times: str) -> None:
    """Seconds from the commit of an edit until every quick result that depends on it is current, so many times."""
    editor, seconds = Editor(Plan.objects.get(pk=plan_id), random.Random(1), "M"), []
    for _ in range(int(times)):
        time.sleep(editor.rng.uniform(0.1, 0.5))  # people pause; the worker is anywhere in its rounds
        edit_figures(editor)
        committed = time.monotonic()
        while not all_current(plan_id):
            time.sleep(0.01)
        seconds.append(time.monotonic() - committed)
    say(seconds=seconds)


def all_current(plan_id: str) -> bool:
    """Of those that do not wait for more changes first."""
    now, quick = clock.now(), lane_keys(Lane.FAST)
    rows = Derived.objects.filter(plan=plan_id, retired_at=None, calculation__in=quick)
    return all(is_current(row, now) for row in rows)


def wait(plan_id: str) -> None:
    """Seconds that a request takes in which somebody asks for a file, and one in which somebody invites."""
    plan, began = Plan.objects.get(pk=plan_id), time.monotonic()
    user = new_account(email=f"{began}@example.gov", name="Olga", password=None)
    person = {"email": "lea@example.gov", "name": "Lea", "role": Role.ANALYST, "agencies": []}
    clicked = time.monotonic()
    job = ask(plan=plan, user=user, kind="audit")
    asked = time.monotonic()
    invitation = invite(plan=plan, actor=COMMAND, **person)
    say(seconds=[asked - clicked, time.monotonic() - asked])
    cancel(job)
    delete(invitation, actor=COMMAND, version=invitation.version)
    say(tidied=True)


def spoil(plan_id: str) -> None:
    """Behind the engine's back, make one stored result wrong, and one row newer than its audit."""
    result = Result.objects.filter(derived__plan=plan_id, derived__calculation="assess.agency_state")[0]
    Result.objects.filter(pk=result.pk).update(payload=result.payload.replace("cost_cents", "cost_sents"))
    Service._base_manager.filter(plan_id=plan_id, code="S0").update(version=F("version") + 1)
    say(done=True)


ROLES: dict[str, Callable[..., None]] = {
    role.__name__: role for role in (load, write, check, audit, edit, measure, wait, spoil)
}
