"""Counts that the plain pages show. Whatever is weighed or divided belongs to a calculation, not here."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from ssoplanner.core.models import Provision

# What a complete provision has; the rest is good to have.
NEEDED = ("annual_cost", "fte", "volume", "users_served", "sla_met", "resolution_hours", "has_sop", "automated_share")


def filled_counts(provisions: QuerySet[Provision], by: str) -> dict[int, tuple[int, int]]:
    """For each value of `by`: (provisions, needed figures given among them). One query."""
    given = {f"given_{name}": Count("pk", filter=Q(**{f"{name}__isnull": False})) for name in NEEDED}
    rows = provisions.order_by().values(by).annotate(rows=Count("pk"), **given)
    return {row[by]: (row["rows"], sum(row[name] for name in given)) for row in rows}


def share_given(counts: tuple[int, int] | None) -> float | None:
    """The share of needed figures that are given, 0-1; None where there is no provision at all."""
    return counts[1] / (counts[0] * len(NEEDED)) if counts else None
