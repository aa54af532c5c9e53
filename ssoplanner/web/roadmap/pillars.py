"""One pillar chosen by the address, in the same way wherever something belongs to pillars."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.http import QueryDict

from ssoplanner.steps.registry import Pillar

ICONS = {
    Pillar.PEOPLE: "people",
    Pillar.PROCESS: "autorenew",
    Pillar.TECHNOLOGY: "settings",
    Pillar.GOVERNANCE: "account_balance",
}


@dataclass(frozen=True)
class PillarChoice:
    """A link that shows one pillar, or everything; `count` says how much there is of it."""

    label: str
    url: str
    icon: str
    count: int
    current: bool


def asked_pillar(address: QueryDict) -> Pillar | None:
    """The pillar that the address names; none where it names no pillar of ours."""
    named = address.get("pillar", "")
    return Pillar(named) if named in set(Pillar) else None


def pillar_url(page: str, pillar: Pillar | None) -> str:
    return f"{page}?pillar={pillar}" if pillar else page


def pillar_choices(
    page: str, chosen: Pillar | None, rows: Iterable[Collection[Pillar]], everything: str
) -> list[PillarChoice]:
    """Links to the address `page`. `rows` are the pillars of each thing on it, `everything` says what these are."""
    held = list(rows)
    choices = [PillarChoice(everything, page, "", len(held), chosen is None)]
    for pillar in Pillar:
        count = sum(1 for one in held if pillar in one)
        url = pillar_url(page, pillar)
        choices.append(PillarChoice(pillar.capitalize(), url, ICONS[pillar], count, pillar is chosen))
    return choices
