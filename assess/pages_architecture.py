"""From the result of one agency to its page: what it lacks to share, and where its capabilities fall short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from django.urls import reverse
from django.utils.text import get_text_list

from assess.architecture_texts import ASPECTS, OVERALL_WORDS, AspectText, aspects_by_key, level_word, scale
from assess.calc.architecture import NEEDED, PILLARS
from assess.calc.capability_map import OPEN_GAP
from assess.calc.rated import is_rated
from assess.capability_tree import Node, tree
from assess.models import Capability, CapabilityRating, Ownership, TechnologyRating
from assess.pages_readiness import HeatCell
from ssoplanner.access.gate import Member, edits_agency
from ssoplanner.access.results import results
from ssoplanner.core.models import Agency, Plan, System
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.live import live
from ssoplanner.web.tracing.page import trace_url
from ssoplanner.web.views.rows import plan_url

ARCHITECTURE = "assess.architecture"
LEVELS = 5
NAMED = 3  # aspects by name in a sentence, the others are counted
DASH = "–"
BELOW = "are a level or more below their target"


@dataclass(frozen=True)
class Leaf:
    """A capability of the lowest level, which is rated; `branch` names those above it, `group` the next of them."""

    row: Capability
    area: Capability
    branch: str
    group: str


@dataclass(frozen=True)
class ProfileLine:
    """One aspect of an agency: `bar` says for each of the five steps whether it is reached."""

    text: AspectText
    cell: HeatCell
    bar: tuple[bool, ...]
    says: str
    evidence: str
    gap: str
    url: str


@dataclass(frozen=True)
class CapabilityLine:
    name: str
    group: str
    ownership: str
    importance: str
    maturity: HeatCell
    target: str
    gap: str
    systems: str
    is_rated: bool
    is_short: bool
    url: str


@dataclass(frozen=True)
class Area:
    """The capabilities of one branch at the top, with what stands out."""

    name: str
    lines: Sequence[CapabilityLine]
    summary: str
    is_open: bool


# --- The tree -------------------------------------------------------------------------------------------------------


def leaves_of(plan: Plan) -> list[Leaf]:
    """The capabilities that agencies rate, in the order of the tree: one query."""
    nodes = tree(Capability.objects.for_plan(plan))
    return [leaf for top in nodes for leaf in _leaves(top, top.row, ())]


def _leaves(node: Node, area: Capability, above: tuple[str, ...]) -> Iterator[Leaf]:
    if node.is_leaf:
        yield Leaf(node.row, area, " › ".join(above), above[-1] if above else "")
    for child in node.children:
        yield from _leaves(child, area, (*above, node.row.name))


def rated_capabilities(agency: Agency) -> frozenset[int]:
    """Those that count as rated, as the formula has it: one query."""
    rows = CapabilityRating.objects.for_plan(agency.plan).filter(agency=agency)
    return frozenset(row.capability_id for row in rows if is_rated(row.ownership, row.importance, _maturities(row)))


def _maturities(row: CapabilityRating) -> list[int | None]:
    return [getattr(row, pillar) for pillar in PILLARS]


def unrated_after(agency: Agency, leaves: Sequence[Leaf], leaf: Leaf) -> Leaf | None:
    """The next one that is not rated yet, from the beginning again after the last; None once this one is rated."""
    rated, place = rated_capabilities(agency), leaves.index(leaf)
    if leaf.row.pk in rated:
        return None
    return next((one for one in (*leaves[place + 1 :], *leaves[:place]) if one.row.pk not in rated), None)


# --- One agency -----------------------------------------------------------------------------------------------------


def agency_page(member: Member, agency: Agency) -> dict[str, Any]:
    """Its technology and its capabilities, with the same number of queries however many there are."""
    plan, key = member.plan, (ARCHITECTURE, str(agency.pk))
    found = results(member, [key])
    figures, may_edit = found[key].figures, edits_agency(member, agency)
    at = {"agency_id": agency.pk}
    return {
        "agency": agency,
        "state": state_line(found[key], plan),
        "live": live(plan, found, "architecture-agency"),
        "refresh_url": plan_url(member, "architecture_agency", **at),
        "trace_url": trace_url(plan, *key) if figures else "",
        "technology_url": plan_url(member, "architecture_technology", **at) if may_edit else "",
        "capabilities_url": plan_url(member, "capability_grid", **at),
        "may_edit": may_edit,
        "map_url": plan_url(member, "technology_map"),
        "scale": scale(),
        **(_figures(member, agency, figures) if figures else {}),
    }


def _figures(member: Member, agency: Agency, figures: Mapping[str, Any]) -> dict[str, Any]:
    leaves = leaves_of(member.plan)
    names = {leaf.row.pk: leaf.row.name for leaf in leaves}
    short = [gap for gap in figures["gap"] if _is_short(gap)]
    return {
        "figures": figures,
        "conclusions": [technology_sentence(figures), _capability_sentence(figures, names, member.plan)],
        "aspects": len(ASPECTS),
        "gaps": len(figures["profile_gaps"]),
        "needed": NEEDED,
        "short": len(short),
        "largest_note": f"by {_levels(max(short), member.plan)} at most" if short else "by a level or more",
        "expected_note": f"of {formats.number(figures['expected'], member.plan)}",
        "profile": _profile(member, agency, figures["profile"]),
        "areas": _areas(member, agency, figures, leaves),
    }


def technology_sentence(figures: Mapping[str, Any]) -> str:
    """What the agency lacks to share, in words."""
    gaps, rated, every = figures["profile_gaps"], figures["profile_rated"], len(ASPECTS)
    if not rated:
        return "It has not rated its technology and data yet."
    asked = f"all {every} aspects" if rated == every else f"the {rated} of {every} aspects rated so far"
    if not gaps:
        return f"Its technology and data are good enough to share services in {asked}."
    worst = sorted(gaps, key=lambda key: figures["profile"][key])
    named = [aspects_by_key()[key].label.lower() for key in worst]
    left = [f"{len(named) - NAMED} more"] if len(named) > NAMED else []
    words = get_text_list([*named[:NAMED], *left], "and")
    verb = "falls" if len(gaps) == 1 else "fall"
    return f"Of {asked}, {len(gaps)} {verb} short of what sharing a service needs: {words}."


def _capability_sentence(figures: Mapping[str, Any], names: Mapping[int, str], plan: Plan) -> str:
    rated, expected = figures["rated"], figures["expected"]
    if not expected:
        return "The plan has no capabilities to rate yet."
    if not rated:
        return f"None of its {formats.counted(expected, 'capability', 'capabilities', plan)} is rated yet."
    rows = zip(figures["capabilities"], figures["gap"], figures["importance"], strict=True)
    short = [(gap, importance or 0, names.get(pk, "")) for pk, gap, importance in rows if _is_short(gap)]
    begin = f"{formats.number(rated, plan)} of {formats.counted(expected, 'capability', 'capabilities', plan)} rated"
    if not short:
        return f"{begin}; none is a level or more below its target."
    gap, _, name = min(short, key=lambda one: (-one[0], -one[1], one[2]))  # of equals the most important
    whose = "1 is a level or more below its target" if len(short) == 1 else f"{len(short)} {BELOW}"
    return f"{begin}; {whose}. Furthest: {name}, by {_levels(gap, plan)}."


def _is_short(gap: float | None) -> bool:
    """By a level at least, as the plan-wide map has it: less is within what two raters differ by."""
    return gap is not None and gap >= OPEN_GAP


def _levels(gap: float, plan: Plan) -> str:
    return f"{formats.decimals(gap, 1, plan)} level{'' if gap == 1 else 's'}"


def _profile(member: Member, agency: Agency, profile: Mapping[str, int | None]) -> list[ProfileLine]:
    rows = TechnologyRating.objects.for_plan(member.plan).filter(agency=agency)
    shown = {row.aspect: row for row in rows}
    url = plan_url(member, "architecture_technology", agency_id=agency.pk) if edits_agency(member, agency) else ""
    return [_profile_line(text, profile[text.key], shown.get(text.key), url) for text in ASPECTS]


def _profile_line(text: AspectText, level: int | None, row: TechnologyRating | None, url: str) -> ProfileLine:
    return ProfileLine(
        text=text,
        cell=level_cell(level, "not known" if row else "not rated"),
        bar=tuple(step <= (level or 0) for step in range(1, LEVELS + 1)),
        says=text.levels[level - 1] if level else "",
        evidence=row.evidence if row else "",
        gap=_levels_short(level),
        url=f"{url}#{text.key}" if url else "",
    )


def _levels_short(level: int | None) -> str:
    short = NEEDED - level if level is not None else 0
    return f"{short} level{'' if short == 1 else 's'} short" if short > 0 else ""


def level_cell(level: int | None, unknown: str = "not rated") -> HeatCell:
    """A level of technology with its shade and word."""
    return HeatCell(DASH, 0, unknown) if level is None else HeatCell(str(level), level, level_word(level))


def maturity_cell(value: float | None, plan: Plan) -> HeatCell:
    """A mean of levels with its shade and word, as the number that is shown."""
    if value is None:
        return HeatCell(DASH, 0, "not known")
    level = min(LEVELS, max(1, floor(round(value, 1) + 0.5)))
    return HeatCell(formats.decimals(value, 1, plan), level, OVERALL_WORDS[level - 1])


def _areas(member: Member, agency: Agency, figures: Mapping[str, Any], leaves: Sequence[Leaf]) -> list[Area]:
    columns = ("ownership", "importance", "maturity", "target", "gap", "systems")
    rows = zip(figures["capabilities"], *(figures[name] for name in columns), strict=True)
    said = {pk: dict(zip(columns, values, strict=True)) for pk, *values in rows}
    used = {pk for one in said.values() for pk in one["systems"]}
    systems = dict(System.objects.for_plan(member.plan).filter(pk__in=used).order_by().values_list("pk", "name"))
    lines: dict[Capability, list[CapabilityLine]] = {}
    may_edit = edits_agency(member, agency)
    for leaf in leaves:
        url = _rate_url(member, agency, leaf) if may_edit else ""
        lines.setdefault(leaf.area, []).append(_line(leaf, said.get(leaf.row.pk, {}), systems, url, member.plan))
    return [_area(area.name, own, is_open=len(lines) == 1) for area, own in lines.items()]


def _rate_url(member: Member, agency: Agency, leaf: Leaf) -> str:
    ids = {"agency_id": agency.pk, "capability_id": leaf.row.pk}
    return reverse("capability_rate", kwargs={"slug": member.plan.slug, **ids})


def _line(leaf: Leaf, said: Mapping[str, Any], systems: Mapping[int, str], url: str, plan: Plan) -> CapabilityLine:
    owned, gap = said.get("ownership", ""), said.get("gap")
    maturity, importance = said.get("maturity"), said.get("importance")
    return CapabilityLine(
        name=leaf.row.name,
        group=leaf.group if leaf.group != leaf.area.name else "",
        ownership=str(Ownership(owned).label) if owned else DASH,
        importance=DASH if importance is None else str(importance),
        maturity=maturity_cell(maturity, plan),
        target=DASH if said.get("target") is None else str(said["target"]),
        gap=_level(gap, plan),
        systems=", ".join(sorted(systems[pk] for pk in said.get("systems", ()) if pk in systems)),
        is_rated=is_rated(owned, importance, [maturity]),
        is_short=_is_short(gap),
        url=url,
    )


def _level(value: float | None, plan: Plan) -> str:
    return DASH if value is None else formats.decimals(value, 1, plan)


def _area(name: str, lines: Sequence[CapabilityLine], *, is_open: bool) -> Area:
    rated, short = _count(line.is_rated for line in lines), _count(line.is_short for line in lines)
    parts = [f"{rated} of {len(lines)} rated", *([f"{short} below target"] if short else [])]
    return Area(name, lines, ", ".join(parts), is_open)


def _count(flags: Iterable[bool]) -> int:
    return sum(flags)
