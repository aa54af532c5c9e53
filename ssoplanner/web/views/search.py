"""One search over what a plan holds. Each member finds what they may open, and agencies that they know by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from ssoplanner.access.gate import Member, sees_agency
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Agency, Benchmark, Kpi, Membership, Role, Service, ServiceArea
from ssoplanner.phases import PHASES, phase_modules
from ssoplanner.steps.models import Decision
from ssoplanner.steps.registry import steps
from ssoplanner.steps.sessions import SESSIONS
from ssoplanner.steps.shifts import SHIFTS
from ssoplanner.steps.standing import standings
from ssoplanner.web.glossary import TERMS
from ssoplanner.web.roadmap.gates import shown_states
from ssoplanner.web.roadmap.sessions import anchor
from ssoplanner.web.search import LONGEST, SHORTEST, Entry, Query, parse
from ssoplanner.web.views.agencies import known_agencies
from ssoplanner.web.views.rows import PlanRequest, plan_crumb, plan_url
from ssoplanner.web.views.systems import visible_systems


@dataclass(frozen=True)
class Hit:
    """A line of the results; name, code and note are marked."""

    code: SafeString
    name: SafeString
    note: SafeString
    url: str


@dataclass(frozen=True)
class Group:
    """The results of one kind: the best `hits` of `total`."""

    title: str
    anchor: str
    total: int
    hits: list[Hit]


def search(request: PlanRequest, slug: str) -> HttpResponse:
    """What matches the words in the address, by kind."""
    member, query = request.member, parse(request.GET.get("q", ""))
    groups = [] if query.is_too_short else list(_groups(member, query))
    context = {
        "query": query,
        "groups": groups,
        "total": sum(group.total for group in groups),
        "on_search_page": True,
        "kinds": ", ".join(title.lower() if title != "KPIs" else title for title, _ in _kinds(member)),
        "shortest": SHORTEST,
        "longest": LONGEST,
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "web/search.html", context)


def _groups(member: Member, query: Query) -> Iterator[Group]:
    for title, entries_of in _kinds(member):
        best, total = query.best(entries_of(member))
        if total:
            anchor = title.lower().replace(" ", "-")
            yield Group(title, anchor, total, [_hit(member, query, entry) for entry in best])


def _hit(member: Member, query: Query, entry: Entry) -> Hit:
    url = plan_url(member, entry.page, **entry.ids) + entry.suffix
    return Hit(query.marked(entry.code), query.marked(entry.name), query.excerpt(entry.note), url)


def _kinds(member: Member) -> list[tuple[str, Callable[[Member], Iterable[Entry]]]]:
    """What the member may look through: (title, its entries), each of one query. Phases add theirs by a module
    `search` with `KINDS`: (title, the name of a page that whoever finds them may open, entries)."""
    every: list[tuple[str, str, Callable[[Member], Iterable[Entry]]]] = [
        ("Agencies", "agencies", _agencies),
        ("Service areas", "services", _areas),
        ("Services", "services", _services),
        ("Systems", "systems", _systems),
        ("KPIs", "kpis", _kpis),
        ("Shifts", "shifts", _shifts),
        ("Benchmarks", "benchmarks", _benchmarks),
        ("Steps of the method", "step", _steps),
        ("Decisions", "phase", _decisions),
        *(kind for module in phase_modules("search") for kind in module.KINDS),
        ("Phases and sessions", "phase", _phases),
        ("People", "membership_edit", _people),
        ("Glossary", "plan_glossary", _terms),
    ]
    return [(title, entries) for title, page, entries in every if member.has(*policy()[page].read)]


def _agencies(member: Member) -> Iterator[Entry]:
    for agency in known_agencies(member).only("plan", "code", "name"):
        yield _agency(member, agency)


def _agency(member: Member, agency: Agency) -> Entry:
    """Where only the name is shared, it leads to the list, where the others stand too."""
    if sees_agency(member, agency):
        return Entry(agency.name, "agency", {"agency_id": agency.pk}, agency.code)
    listed = f"?{urlencode({'agencies-search': agency.code})}#agencies"
    return Entry(agency.name, "agencies", code=agency.code, suffix=listed)


def _areas(member: Member) -> Iterator[Entry]:
    for code, name in ServiceArea.objects.for_plan(member.plan).values_list("code", "name"):
        yield Entry(name, "services", code=code)


def _services(member: Member) -> Iterator[Entry]:
    opens = member.has(*policy()["service_grid"].read)
    found = Service.objects.for_plan(member.plan).values_list("pk", "code", "name", "area__name", "description")
    for key, code, name, *about in found:
        page, ids = ("service_grid", {"service_id": key}) if opens else ("services", {})
        yield Entry(name, page, ids, code, " · ".join(filter(None, about)))


def _systems(member: Member) -> Iterator[Entry]:
    for key, name, *about in visible_systems(member).values_list("pk", "name", "function", "vendor"):
        # Which systems a lead may change depends on who else uses them; their list shows it.
        page, ids = ("system_edit", {"system_id": key}) if member.runs_plan else ("systems", {})
        yield Entry(name, page, ids, note=" · ".join(filter(None, about)))


def _kpis(member: Member) -> Iterator[Entry]:
    for key, code, name, unit in Kpi.objects.for_plan(member.plan).values_list("pk", "code", "name", "unit"):
        page, ids = ("kpi_edit", {"kpi_id": key}) if member.runs_plan else ("kpis", {})
        yield Entry(name, page, ids, code, unit)


def _steps(member: Member) -> Iterator[Entry]:
    for step in steps():
        yield Entry(step.title, "step", {"step_key": step.key}, step.code, step.purpose)


def _benchmarks(member: Member) -> Iterator[Entry]:
    for metric, *about in Benchmark.objects.for_plan(member.plan).values_list("metric", "population", "source"):
        yield Entry(metric, "benchmarks", note=" · ".join(filter(None, about)))


def _decisions(member: Member) -> Iterator[Entry]:
    """Those of a gate, on the page of its phase; what is being prepared is found by those who prepare it."""
    found = Decision.objects.for_plan(member.plan).exclude(phase="").filter(state__in=shown_states(member))
    for phase, *about in found.values_list("phase", "question", "outcome", "minutes"):
        yield Entry(about[0], "phase", {"phase_key": phase}, note=" · ".join(filter(None, about[1:])))


def _phases(member: Member) -> Iterator[Entry]:
    for phase in PHASES:
        yield Entry(phase.title, "phase", {"phase_key": phase.key}, str(phase.number), phase.outcome)
    for session in SESSIONS:
        yield Entry(session.title, "sessions", note=session.purpose, suffix=f"#{anchor(session)}")


def _shifts(member: Member) -> Iterator[Entry]:
    known = standings(member.plan)
    for shift in SHIFTS:
        row = known.get(shift.key)
        own = (row.before, row.after, row.evidence) if row else ()
        yield Entry(str(shift), "shift", {"shift_key": shift.key}, note=" · ".join(filter(None, own)))


def _people(member: Member) -> Iterator[Entry]:
    found = Membership.objects.for_plan(member.plan).values_list("pk", "user__name", "user__email", "role")
    for key, name, email, role in found:
        note = " · ".join((email, Role(role).label)) if name else Role(role).label
        # Of the other roles there is nothing to change but to take them away.
        page, ids = ("membership_edit", {"membership_id": key}) if role == Role.LEAD else ("people", {})
        yield Entry(name or email, page, ids, note=note)


def _terms(member: Member) -> Iterator[Entry]:
    for term in TERMS:
        yield Entry(term.name, "plan_glossary", note=term.plain, suffix=f"#{term.anchor}")
