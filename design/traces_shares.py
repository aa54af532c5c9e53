"""What stands behind the shares: what each agency pays by every method, and what each user has of a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from design.method_texts import TEXTS
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency
from ssoplanner.web import formats
from ssoplanner.web.listing import Column, Listing
from ssoplanner.web.tracing.parts import PartLine, Parts

SHOWN = 25


def method_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each agency by method."""
    methods = [method for method in figures["methods"] if method["shares_cents"]]
    cells = {
        agency: [_money(method["shares_cents"][at], member) for method in methods]
        for at, agency in enumerate(figures["agencies"])
    }
    heads = [TEXTS[method["key"]].name for method in methods]
    sentence = f"In {figures['year']}, by each method that could be worked out; every column adds up to the total."
    return _parts(member, "What each agency pays", sentence, heads, cells, asked)


def service_parts(member: Member, partition: str, figures: Mapping[str, Any], asked: QueryDict) -> Parts | None:
    """Each user of a service: its volume and its part of the cost."""
    columns = ("by_use_cents", "shapley", "alone", "separable")
    cells = {
        agency: [
            formats.number(figures["volumes"][at], member.plan),
            *(_money(round(figures[name][at]), member) for name in columns),
        ]
        for at, agency in enumerate(figures["agencies"])
    }
    heads = ["Volume", "By use", "Shapley value", "It alone", "Saved without it"]
    sentence = f"Of {_money(figures['cost_cents'], member)} in {figures['year']}."
    return _parts(member, "What each user has of it", sentence, heads, cells, asked)


def _parts(
    member: Member, title: str, sentence: str, heads: Sequence[str], cells: Mapping[int, list[str]], asked: QueryDict
) -> Parts:
    rows = Agency.objects.for_plan(member.plan).filter(pk__in=cells).values_list("pk", "name")
    columns = [
        Column[Any]("name", "Agency"),
        *(Column[Any](f"c{at}", head, figure=True) for at, head in enumerate(heads)),
    ]
    listing = Listing("agencies", list(rows), columns, asked, lambda row: row[1], size=SHOWN)
    lines = []
    for pk, name in listing.page:
        url = ""
        if member.sees_all or pk in member.agency_ids:
            url = reverse("agency", kwargs={"slug": member.plan.slug, "agency_id": pk})
        lines.append(PartLine(name, url, tuple(cells[pk])))
    return Parts(title, sentence, listing, lines)


def _money(cents: int, member: Member) -> str:
    return formats.money(Decimal(cents) / 100, member.plan)
