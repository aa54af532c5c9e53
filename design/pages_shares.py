"""From the shares by every method to what the page "Who pays what" shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from design.calc import fair_shares
from design.method_texts import PREFERRED, TEXTS
from ssoplanner.access.gate import Member
from ssoplanner.access.results import results
from ssoplanner.core.models import Agency, Plan
from ssoplanner.web import formats
from ssoplanner.web.figure_state import state_line
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.live import live
from ssoplanner.web.tracing.page import trace_url

FAIR_SHARES = ("design.fair_shares", "")
SHOWN = 30
TODAY_WIDTH = 0.8  # of the line in the drawing, 100 wide
NAMED = 4  # names of a group before the rest are counted

Method = Mapping[str, Any]


@dataclass(frozen=True)
class AgencyLine:
    """What an agency pays by the chosen method, beside today and beside standing alone; cents, None is unknown."""

    pk: int
    name: str
    is_own: bool
    pays: int
    today: int | None
    alone: int
    users: int | None

    @property
    def change(self) -> int | None:
        return None if self.today is None else self.pays - self.today


def shares_page(member: Member, asked: QueryDict) -> dict[str, Any]:
    """Who pays what by the method that is asked for in `by`, else by the one that meets the least objection."""
    plan, found = member.plan, results(member, [FAIR_SHARES])
    result = found.get(FAIR_SHARES)
    figures = result.figures if result else None
    address = reverse("shares", kwargs={"slug": plan.slug})
    return {
        "result": result,
        "state": state_line(result, plan) if result else None,
        "live": live(plan, found, "fair-shares"),
        "url": address,
        "refresh_url": f"{address}?{asked.urlencode()}",
        "trace_url": trace_url(plan, *FAIR_SHARES),
        "figures": figures,
        **(_figures(member, figures, asked, address) if figures else {}),
    }


def _figures(member: Member, figures: Mapping[str, Any], asked: QueryDict, address: str) -> dict[str, Any]:
    plan = member.plan
    methods = {method["key"]: method for method in figures["methods"] if method["shares_cents"]}
    chosen = methods.get(asked.get("by", "")) or methods[first_shown(methods, figures["today_cents"])]
    rows = Agency.objects.for_plan(plan).filter(pk__in=figures["agencies"]).values_list("pk", "name", "end_users")
    known = {pk: (name, users) for pk, name, users in rows}
    names = {pk: known[pk][0] if pk in known else "An agency that was removed" for pk in figures["agencies"]}
    lines = [
        AgencyLine(pk, names[pk], pk in member.agency_ids, pays, today, alone, known.get(pk, ("", None))[1])
        for pk, pays, today, alone in zip(
            figures["agencies"], chosen["shares_cents"], figures["today_cents"], figures["alone_cents"], strict=True
        )
    ]
    listing = Listing("agencies", lines, _columns(), asked, lambda line: line.name, first="pays", size=SHOWN)
    highest = max(*(line.pays for line in lines), *(line.today or 0 for line in lines), 1)
    return {
        "year": figures["year"],
        "base_year": plan.base_year,
        "is_first": chosen["key"] == first_shown(methods, figures["today_cents"]),
        "chosen": {"key": chosen["key"], **_text(chosen["key"])},
        "verdict": _verdict(figures, chosen, lines, plan),
        "tiles": _tiles(figures, lines, plan),
        "listing": listing,
        "lines": [_shown(line, highest, plan) for line in listing.page],
        "objections": [_objection(each, names, plan) for each in chosen["objections"]],
        "objecting": chosen["objecting"],
        "more_objecting": formats.number(chosen["objecting"] - len(chosen["objections"]), plan),
        "every_group": figures["every_group"],
        "most": _money(chosen["most_cents"], plan),
        "bound": _money(chosen["bound_cents"], plan) if chosen["bound_cents"] else "",
        "methods": [_compared(method, figures, names, plan, address, chosen["key"]) for method in figures["methods"]],
    }


def first_shown(methods: Mapping[str, Method], today: Sequence[int | None]) -> str:
    """The method to which the fewest groups object, then by which the fewest agencies pay more than today."""

    def rank(key: str) -> tuple[int, int, int]:
        return methods[key]["objecting"], _losers(methods[key], today), PREFERRED.index(key)

    return min(methods, key=rank)


def _losers(method: Method, today: Sequence[int | None]) -> int:
    return sum(now is not None and share > now for share, now in zip(method["shares_cents"], today, strict=True))


def _text(key: str) -> dict[str, str]:
    return {"name": TEXTS[key].name, "by": TEXTS[key].by, "rule": TEXTS[key].rule}


# --- Ten seconds -----------------------------------------------------------------------------------------------------


def _verdict(figures: Mapping[str, Any], chosen: Method, lines: Sequence[AgencyLine], plan: Plan) -> str:
    known = [line.change for line in lines if line.change is not None]
    winners = sum(change < 0 for change in known)
    count = formats.number(len(known), plan)
    if not known:
        said = "What the agencies pay today is not known yet"
    elif winners == len(known):
        said = f"{'All' if len(known) > 1 else 'The'} {count} agencies pay less than today"
        said = "The one agency pays less than today" if len(known) == 1 else said
    else:
        said = f"{formats.number(winners, plan)} of {count} agencies pay less than today"
    text = TEXTS[chosen["key"]].by
    if not chosen["objecting"]:
        asked = "no group" if figures["every_group"] else "no group that was asked"
        return f"Divided {text}: {said[0].lower()}{said[1:]}, and {asked} would do better on its own."
    groups = formats.counted(
        chosen["objecting"], "group would do better on its own", "groups would do better on their own", plan
    )
    if not figures["every_group"]:
        groups = f"at least {groups}"
    return f"Divided {text}: {said[0].lower()}{said[1:]}, but {groups}."


def _tiles(figures: Mapping[str, Any], lines: Sequence[AgencyLine], plan: Plan) -> list[dict[str, str]]:
    known = [line for line in lines if line.today is not None]
    today = sum(line.today or 0 for line in known)
    saved = today - sum(line.pays for line in known)
    alone = sum(line.alone for line in lines)
    share = formats.percent(Decimal(abs(saved)) / today, plan) if today else ""
    worst = max(known, key=lambda line: line.change or 0, default=None)
    return [
        {
            "label": f"To be divided in {figures['year']}",
            "value": _short(figures["total_cents"], plan),
            "note": f"{_short(figures['billed_cents'], plan)} of it billed by use in any case",
        },
        {
            "label": "Less than today, all together" if saved >= 0 else "More than today, all together",
            "value": _short(abs(saved), plan) if known else "not known",
            "note": f"{share} of {_short(today, plan)}" if today else "no agency says what it pays today",
        },
        {
            "label": "Less than each alone",
            "value": _short(alone - figures["total_cents"], plan),
            "note": f"each on a platform of its own: {_short(alone, plan)}",
        },
        {
            "label": "Largest rise",
            "value": _short(worst.change, plan) if worst and (worst.change or 0) > 0 else "none",
            "note": worst.name if worst and (worst.change or 0) > 0 else "no agency pays more than today",
        },
    ]


# --- Agency by agency ------------------------------------------------------------------------------------------------


def _columns() -> list[Column[AgencyLine]]:
    return [
        Column("name", "Agency", lambda line: line.name.casefold()),
        Column("pays", "Pays", lambda line: line.pays, figure=True),
        Column("today", "Today", lambda line: line.today, figure=True),
        Column("change", "Change", lambda line: line.change, figure=True),
        Column("alone", "Alone", lambda line: line.alone, figure=True),
        Column("per_user", "Per end user", lambda line: line.pays / line.users if line.users else None, figure=True),
    ]


def _shown(line: AgencyLine, highest: int, plan: Plan) -> dict[str, Any]:
    change = line.change
    return {
        "name": line.name,
        "is_own": line.is_own,
        "pays": _money(line.pays, plan),
        "today": _money(line.today, plan) if line.today is not None else "not known",
        "change": _change(change, plan),
        "rises": change is not None and change > 0,
        "alone": _money(line.alone, plan),
        "above_alone": line.pays > line.alone,
        "per_user": _money(round(line.pays / line.users), plan) if line.users else "not known",
        "pays_width": round(100 * line.pays / highest, 1),
        "today_at": None if line.today is None else round((100 - TODAY_WIDTH) * line.today / highest, 1),
    }


def _change(change: int | None, plan: Plan) -> str:
    if change is None:
        return "not known"
    return f"{_money(abs(change), plan)} {'more' if change > 0 else 'less'}" if change else "the same"


# --- Method by method ------------------------------------------------------------------------------------------------


def _objection(each: Mapping[str, Any], names: Mapping[int, str], plan: Plan) -> str:
    group, money = each["agencies"], _short(each["cents"], plan)
    if len(group) == 1:
        return f"{names[group[0]]} pays {money} more than on its own."
    return f"{_group(group, names, plan)} together pay {money} more than on their own."


def _group(group: Sequence[int], names: Mapping[int, str], plan: Plan) -> str:
    """Its members, or who is missing where that is shorter."""
    others = [pk for pk in names if pk not in set(group)]
    if len(group) > NAMED and len(others) <= NAMED:
        return f"All but {_listed([names[pk] for pk in others])}"
    if len(group) <= NAMED + 1:
        return _listed([names[pk] for pk in group])
    rest = formats.number(len(group) - NAMED, plan)
    return f"{', '.join(names[pk] for pk in group[:NAMED])} and {rest} others"


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _compared(
    method: Method, figures: Mapping[str, Any], names: Mapping[int, str], plan: Plan, address: str, chosen: str
) -> dict[str, Any]:
    key = method["key"]
    shown = {**_text(key), "is_chosen": key == chosen, "url": f"{address}?by={key}", "why_not": ""}
    if not method["shares_cents"]:
        return {**shown, "why_not": _why_not(method, figures, names, plan)}
    changes = [
        share - today
        for share, today in zip(method["shares_cents"], figures["today_cents"], strict=True)
        if today is not None
    ]
    rise = max(changes, default=0)
    above = sum(share > alone for share, alone in zip(method["shares_cents"], figures["alone_cents"], strict=True))
    return {
        **shown,
        "losers": formats.number(_losers(method, figures["today_cents"]), plan),
        "rise": _short(rise, plan) if rise > 0 else "none",
        "above": formats.number(above, plan),
        "objecting": formats.number(method["objecting"], plan),
        "worst": _short(method["objections"][0]["cents"], plan) if method["objections"] else "none",
    }


def _why_not(method: Method, figures: Mapping[str, Any], names: Mapping[int, str], plan: Plan) -> str:
    if method["key"] == fair_shares.NUCLEOLUS:
        return (
            f"Worked out for up to {fair_shares.GROUPS} agencies; here are {formats.number(len(names), plan)}, whose "
            "groups are too many to look at."
        )
    lacking = method["lacking"]
    if not lacking:
        return f"Not worked out: the {TEXTS[method['key']].figure} of every agency is zero."
    if len(lacking) == len(names):
        return f"Not worked out: no agency gives its {TEXTS[method['key']].figure}."
    who = f"{_group(lacking, names, plan)} {'gives' if len(lacking) == 1 else 'give'}"
    return f"Not worked out: {who} no {TEXTS[method['key']].figure}."


def _money(cents: int, plan: Plan) -> str:
    return formats.money(Decimal(cents) / 100, plan)


def _short(cents: int | None, plan: Plan) -> str:
    return formats.money_short(Decimal(cents or 0) / 100, plan)
