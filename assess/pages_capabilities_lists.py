"""What the pages of duplicates, of agencies that are alike and of candidates for sharing show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.calc.candidates import PARTS
from assess.calc.duplicates import GOAL
from assess.calc.overlap import LINKED
from assess.capability_metrics import FEWEST
from assess.figure_texts import NO_VALUE
from assess.models import Candidate, Capability, DuplicateFinding, Verdict
from assess.policy import JUDGES
from ssoplanner.access.gate import Member, sees_agency_name
from ssoplanner.access.results import results
from ssoplanner.core.models import Agency, Plan, Service, System
from ssoplanner.recompute.calculations import Key
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.live import live
from ssoplanner.web.tracing.page import trace_url

DUPLICATES, OVERLAP, CANDIDATES = ("assess.duplicates", ""), ("assess.overlap", ""), ("assess.candidates", "")
SHOWN, NAMED = 30, 4
VERDICT_TONES = {Verdict.SHARE: "on_track", Verdict.LATER: "upcoming", Verdict.KEEP: "neutral"}


def _result(member: Member, key: Key, name: str, target: str, asked: QueryDict) -> tuple[Any, dict[str, Any]]:
    """The figures of a result, and what its page shows of its state."""
    plan, found = member.plan, results(member, [key])
    shown, url = found.get(key), reverse(name, kwargs={"slug": member.plan.slug})
    figures = shown.figures if shown else None
    return figures, {
        "shown": shown,
        "state": state_line(shown, plan) if shown else None,
        "live": live(plan, found, target),
        "refresh_url": f"{url}?{asked.urlencode()}" if asked else url,
        "trace_url": trace_url(plan, *key) if figures else "",
        "map_url": reverse("architecture", kwargs={"slug": plan.slug}),
        "can_edit": member.has(*JUDGES),
    }


def _cents(value: int | None, plan: Plan) -> str:
    return NO_VALUE if value is None else formats.money_short(Decimal(value) / 100, plan)


def plain(function: str) -> str:
    """The function as it is compared: in any case and spacing."""
    return " ".join(function.split()).casefold()


# --- Duplicates -----------------------------------------------------------------------------------------------------


def duplicates(member: Member, asked: QueryDict) -> dict[str, Any]:
    """Functions with more than one system, and what people concluded of each."""
    figures, page = _result(member, DUPLICATES, "duplicates", "duplicates", asked)
    if not figures:
        return page
    plan, columns = member.plan, figures["functions"]
    findings = {plain(row.function): row for row in DuplicateFinding.objects.for_plan(plan)}
    open_only = asked.get("show") == "open"
    places = [place for place in range(len(columns["function"])) if not open_only or columns["verdict"][place] is None]
    heads: list[Column[int]] = [
        Column("function", "Function", key=lambda place: plain(columns["function"][place])),
        *(_column(columns, name, label) for name, label in (("systems", "Systems"), ("agencies", "Agencies"))),
        *(_column(columns, name, label) for name, label in (("users", "Users"), ("cost_cents", "Cost a year"))),
        _column(columns, "beyond_cents", "All but the dearest"),
        Column("first_end", "First contract ends", key=lambda place: columns["first_end"][place]),
        Column("verdict", "Finding"),
    ]
    listing = Listing("functions", places, heads, asked, lambda place: str(columns["function"][place]), size=SHOWN)
    names = _system_names(member, [columns["function"][place] for place in listing.page])
    url, totals = reverse("duplicates", kwargs={"slug": plan.slug}), figures["totals"]
    return page | {
        "sentence": _duplicates_sentence(totals, plan),
        "stats": _duplicates_stats(totals, plan),
        "listing": listing,
        "lines": [_function(member, columns, place, names, findings) for place in listing.page],
        "filters": [
            {"label": "All", "url": url, "count": totals["possible"], "current": not open_only},
            {"label": "Still to judge", "url": f"{url}?show=open", "count": totals["open"], "current": open_only},
        ],
    }


def _column(columns: Mapping[str, Any], name: str, label: str) -> Column[int]:
    return Column(name, label, key=lambda place: columns[name][place], figure=True)


def _duplicates_sentence(totals: Mapping[str, Any], plan: Plan) -> str:
    if not totals["possible"]:
        return "No function has more than one system."
    functions = formats.counted(totals["functions"], "function", "functions", plan)
    said = f"{formats.number(totals['possible'], plan)} of {functions} have more than one system"
    if not totals["beyond_cents"]:
        return f"{said}."
    return f"{said}; all but the dearest of each cost {_cents(totals['beyond_cents'], plan)} a year."


def _duplicates_stats(totals: Mapping[str, Any], plan: Plan) -> list[tuple[str, str, str]]:
    number = formats.number
    judged = f"{number(totals['dismissed'], plan)} needed, {number(totals['open'], plan)} still to judge"
    return [
        ("Confirmed duplicates", number(totals["confirmed"], plan), judged),
        (
            "At most to be saved",
            _cents(totals["confirmed_beyond_cents"], plan),
            "a year: confirmed ones, all but the dearest",
        ),
        (
            f"With {GOAL} systems or more",
            number(totals["too_many"], plan),
            f"the starter goal is fewer than {GOAL} (illustrative)",
        ),
    ]


def _system_names(member: Member, functions: Sequence[str]) -> dict[str, list[str]]:
    """The systems of each function, for those who see every agency: one query."""
    if not member.sees_all:
        return {}
    wanted = {plain(function) for function in functions}
    found: dict[str, list[str]] = {}
    for name, function in System.objects.for_plan(member.plan).order_by("name").values_list("name", "function"):
        if plain(function) in wanted:
            found.setdefault(plain(function), []).append(name)
    return found


def _function(
    member: Member,
    columns: Mapping[str, Any],
    place: int,
    names: Mapping[str, list[str]],
    findings: Mapping[str, DuplicateFinding],
) -> dict[str, Any]:
    plan, function = member.plan, columns["function"][place]
    own = names.get(plain(function), [])
    seen = member.sees_all or columns["agencies"][place] >= FEWEST
    ends, users = columns["first_end"][place], columns["users"][place]
    return {
        "function": function,
        "systems": formats.number(columns["systems"][place], plan),
        "too_many": columns["systems"][place] >= GOAL,
        "names": ", ".join(own[:NAMED]) + (f" and {len(own) - NAMED} more" if len(own) > NAMED else ""),
        "agencies": formats.number(columns["agencies"][place], plan),
        "users": "few" if not seen else NO_VALUE if users is None else formats.number(users, plan),
        "cost": _cents(columns["cost_cents"][place], plan) if seen else "few",
        "uncosted": columns["systems"][place] - columns["costed"][place],
        "beyond": _cents(columns["beyond_cents"][place], plan) if seen else "few",
        "ends": formats.day(date.fromisoformat(ends), plan) if ends and seen else NO_VALUE,
        "finding": findings.get(plain(function)),
        "url": reverse("duplicate_finding", kwargs={"slug": plan.slug, "function": function}),
    }


# --- Overlap --------------------------------------------------------------------------------------------------------


def overlap(member: Member, asked: QueryDict) -> dict[str, Any]:
    """The agencies that are most alike; pairs of which the member may not know one are left out and counted."""
    figures, page = _result(member, OVERLAP, "overlap", "overlap", asked)
    if not figures:
        return page
    plan = member.plan
    known = {row.pk: row for row in Agency.objects.for_plan(plan) if sees_agency_name(member, row)}
    pairs = figures["pairs"]
    places = [at for at in range(len(pairs["first"])) if pairs["first"][at] in known and pairs["second"][at] in known]
    heads: list[Column[int]] = [
        Column("pair", "Agencies"),
        *(_column(pairs, name, label) for name, label in (("alike", "Alike"), ("capabilities", "In capabilities"))),
        _column(pairs, "systems", "In systems"),
    ]

    def text(place: int) -> str:
        return f"{known[pairs['first'][place]]} {known[pairs['second'][place]]}"

    listing = Listing("pairs", places, heads, asked, text, size=SHOWN)
    return page | {
        "sentence": _overlap_sentence(figures, known, pairs, places, plan),
        "listing": listing,
        "lines": [_pair(pairs, place, known, plan) for place in listing.page],
        "hidden": len(pairs["first"]) - len(places),
        "groups": _groups(figures["groups"], known),
        "linked": formats.percent(LINKED, plan),
        "closest": _closest(member, figures["closest"], known),
    }


def _share(value: float | None, plan: Plan) -> str:
    return NO_VALUE if value is None else f"{formats.number(round(100 * value), plan)} %"


def _overlap_sentence(
    figures: Mapping[str, Any],
    known: Mapping[int, Agency],
    pairs: Mapping[str, Any],
    places: Sequence[int],
    plan: Plan,
) -> str:
    mean = _share(figures["mean"], plan)
    if not places:
        return f"Two agencies have {mean} of their capabilities and systems in common on average."
    first, second = known[pairs["first"][places[0]]], known[pairs["second"][places[0]]]
    most = _share(pairs["alike"][places[0]], plan)
    return f"{first} and {second} are the most alike, with {most} in common; two agencies have {mean} on average."


def _pair(pairs: Mapping[str, Any], place: int, known: Mapping[int, Agency], plan: Plan) -> dict[str, Any]:
    return {
        "first": known[pairs["first"][place]].name,
        "second": known[pairs["second"][place]].name,
        "alike": _share(pairs["alike"][place], plan),
        "value": pairs["alike"][place],
        "capabilities": _share(pairs["capabilities"][place], plan),
        "systems": _share(pairs["systems"][place], plan),
        "shared_capabilities": formats.counted(pairs["shared_capabilities"][place], "capability", "capabilities", plan),
        "shared_systems": formats.counted(pairs["shared_systems"][place], "system", "systems", plan),
    }


def _groups(groups: Sequence[Sequence[int]], known: Mapping[int, Agency]) -> list[list[str]]:
    """By name; a group with an agency that the member may not know is left out."""
    return [sorted(known[pk].name for pk in group) for group in groups if all(pk in known for pk in group)]


def _closest(member: Member, columns: Mapping[str, Any], known: Mapping[int, Agency]) -> list[tuple[str, str, str]]:
    rows = zip(columns["agency"], columns["other"], columns["alike"], strict=True)
    found = [
        (known[pk].name, known[other].name, _share(alike, member.plan))
        for pk, other, alike in rows
        if pk in known and other in known and (member.sees_all or pk in member.agency_ids)
    ]
    return sorted(found)


# --- Candidates -----------------------------------------------------------------------------------------------------

PART_LABELS = {
    "own": "On their own",
    "importance": "Importance",
    "gap": "Gap",
    "systems": "Systems",
    "cost": "Cost",
}


def candidates(member: Member, asked: QueryDict) -> dict[str, Any]:
    """Capabilities by what speaks for sharing them, with the verdict of each beside it."""
    figures, page = _result(member, CANDIDATES, "candidates", "candidates-part", asked)
    if not figures:
        return page
    plan, columns = member.plan, figures["ranking"]
    rows = Capability.objects.for_plan(plan).select_related("parent").in_bulk(columns["capability"])
    verdicts = {row.capability_id: row for row in Candidate.objects.for_plan(plan)}
    services = Service.objects.for_plan(plan).in_bulk({pk for some in columns["services"] for pk in some})
    chosen = asked.get("show", "")
    every = [at for at, pk in enumerate(columns["capability"]) if pk in rows]
    places = [at for at in every if _is_shown(verdicts.get(columns["capability"][at]), chosen)]
    seen = [at for at in places if member.sees_all or columns["agencies"][at] >= FEWEST]
    heads: list[Column[int]] = [
        Column("name", "Capability"),
        _column(columns, "score", "Score"),
        *(_column(columns["parts"], key, PART_LABELS[key]) for key in PARTS),
        Column("verdict", "Verdict"),
    ]

    def text(place: int) -> str:
        row = rows[columns["capability"][place]]
        return f"{row.code} {row.name} {row.parent or ''}"

    listing = Listing("candidates", seen, heads, asked, text, size=SHOWN)
    return page | {
        "sentence": _candidates_sentence(columns, rows, verdicts, every, plan),
        "listing": listing,
        "lines": [_candidate(member, columns, at, rows, verdicts, services) for at in listing.page],
        "filters": _verdict_filters(columns, every, verdicts, chosen, plan),
        "hidden": len(places) - len(seen),
        "left_out": formats.counted(figures["left_out"], "capability", "capabilities", plan)
        if figures["left_out"]
        else "",
        "few": FEWEST,
    }


def _is_shown(verdict: Candidate | None, chosen: str) -> bool:
    if chosen == "open":
        return verdict is None
    return chosen not in Verdict.values or (verdict is not None and verdict.verdict == chosen)


def _candidates_sentence(
    columns: Mapping[str, Any],
    rows: Mapping[int, Capability],
    verdicts: Mapping[int, Candidate],
    every: Sequence[int],
    plan: Plan,
) -> str:
    shared = [pk for pk, row in verdicts.items() if row.verdict == Verdict.SHARE]
    proposed = formats.counted(len(shared), "capability is", "capabilities are", plan)
    if not every:
        return f"{proposed[0].upper()}{proposed[1:]} proposed for sharing."
    led = [rows[columns["capability"][at]].name for at in every[:3]]
    names = f"{', '.join(led[:-1])} and {led[-1]}" if len(led) > 1 else led[0]
    speaks = f"Most speaks for sharing {names}."
    return f"{speaks} {proposed[0].upper()}{proposed[1:]} proposed so far."


def _verdict_filters(
    columns: Mapping[str, Any], every: Sequence[int], verdicts: Mapping[int, Candidate], chosen: str, plan: Plan
) -> list[dict[str, Any]]:
    url = reverse("candidates", kwargs={"slug": plan.slug})
    said = [verdicts[pk].verdict if (pk := columns["capability"][at]) in verdicts else "open" for at in every]
    known = {"open", *Verdict.values}
    options = [("", "All", len(every)), ("open", "No verdict yet", said.count("open"))]
    options += [(key, str(label), said.count(key)) for key, label in Verdict.choices]
    return [
        {
            "label": label,
            "url": f"{url}?show={key}" if key else url,
            "count": count,
            "current": key == chosen or (not key and chosen not in known),
        }
        for key, label, count in options
    ]


def _candidate(
    member: Member,
    columns: Mapping[str, Any],
    place: int,
    rows: Mapping[int, Capability],
    verdicts: Mapping[int, Candidate],
    services: Mapping[int, Service],
) -> dict[str, Any]:
    plan, row = member.plan, rows[columns["capability"][place]]
    verdict, keys = verdicts.get(row.pk), {"slug": plan.slug, "capability_id": row.pk}
    return {
        "rank": place + 1,
        "row": row,
        "url": reverse("capability", kwargs=keys),
        "score": _hundred(columns["score"][place], plan),
        "value": columns["score"][place],
        "parts": [_hundred(columns["parts"][key][place], plan) for key in PARTS],
        "facts": _facts(columns, place, plan),
        "services": ", ".join(services[pk].name for pk in columns["services"][place] if pk in services),
        "verdict": verdict,
        "tone": VERDICT_TONES[Verdict(verdict.verdict)] if verdict else "neutral",
        "judge_url": reverse("candidate_verdict", kwargs=keys),
    }


def _hundred(value: float | None, plan: Plan) -> str:
    return NO_VALUE if value is None else formats.number(round(100 * value), plan)


def _facts(columns: Mapping[str, Any], place: int, plan: Plan) -> str:
    own = formats.number(columns["own"][place], plan)
    many = formats.counted(columns["agencies"][place], "agency performs", "agencies perform", plan)
    systems = formats.counted(columns["systems"][place], "system", "systems", plan)
    cost = columns["cost_cents"][place]
    spent = f", {_cents(cost, plan)} a year" if cost is not None else ""
    return f"{many} it, {own} on their own; {systems}{spent}"
