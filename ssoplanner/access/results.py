"""Which results a member may see. Pages, exports and the guide all read results through here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan
from ssoplanner.recompute.calculations import Audience, Key, calculations
from ssoplanner.recompute.models import Release
from ssoplanner.recompute.reading import Shown, shown, shown_all


def released(plan: Plan) -> frozenset[str]:
    """The calculations whose results every member may see."""
    return frozenset(Release.objects.for_plan(plan).values_list("calculation", flat=True))


def may_see(member: Member, key: Key, released: Iterable[str]) -> bool:
    """Program office, board and analysts see every result; leads their own agencies'; the rest what is released."""
    calculation, partition = key
    if member.sees_all:
        return True
    if calculations()[calculation].audience is Audience.OWN_AGENCY:
        return partition in {str(pk) for pk in member.agency_ids}
    return calculation in released


def results(member: Member, keys: Sequence[Key]) -> dict[Key, Shown]:
    """Those of these results that the member may see, as they stand: at most two queries."""
    open_to_all = frozenset() if member.sees_all else released(member.plan)
    return shown(member.plan.pk, [key for key in keys if may_see(member, key, open_to_all)])


def all_results(member: Member, calculation: str) -> dict[str, Shown]:
    """Partition -> result of a calculation, as far as the member may see them: at most two queries."""
    open_to_all = frozenset() if member.sees_all else released(member.plan)
    found = shown_all(member.plan.pk, calculation)
    return {one: result for one, result in found.items() if may_see(member, (calculation, one), open_to_all)}
