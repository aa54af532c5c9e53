"""What the columns of a file probably mean, by their names, and how it writes figures, by its cells.

A header such as HR names a service by its code or its name, or its area; where several services fit, the person is
left to choose. Two columns never get the same guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from babel.numbers import get_decimal_symbol

from ssoplanner.core.models import Service
from ssoplanner.workbook.agencies.cells import Numbers
from ssoplanner.workbook.agencies.targets import FTE, PROVISION, SALARY, targets

Guess = tuple[str, int | None]  # the key of a target, empty for none, and of a service
Words = tuple[str, ...]
NO_GUESS: Guess = ("", None)
ALSO = {
    "agency.code": "agency code, agy, agency id, id, abbreviation, acronym, short name",
    "agency.name": "agency, agency name, agyt, department, organization, organisation, entity",
    "agency.tier": "tier, jurisdiction, level of government",
    "agency.status": "status",
    "agency.headcount": "employees, number of employees, total employees, staff, total staff, workforce, employment",
    "agency.end_users": "users, number of users",
    "agency.operating_budget": "budget, annual budget, operating budget a year",
    SALARY: "average salary, avg salary, mean salary, salary, average pay",
    "provision.fte": "ftes, staff, full time equivalents, employees, specialists, positions",
    "provision.annual_cost": "cost, costs, cost a year, spend, spending, expenditure",
    "provision.volume": "volume, annual volume",
    "provision.users_served": "users",
    "provision.sla_met": "sla met, targets met",
    "provision.sla_total": "sla total, targets",
    "provision.resolution_hours": "resolution hours, resolution time, hours to resolve",
    "provision.automated_share": "automated share, automated, automation",
    "provision.has_sop": "sop, standard procedure",
    "provision.has_dashboard": "dashboard",
}
# Told by the decimals, or by two kinds of marks in one figure; "1,234" alone may be either.
IN_POINT = re.compile(r"\d+\.\d{1,2}|\d+\.\d{4,}|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}")
IN_COMMA = re.compile(r"\d+,\d{1,2}|\d+,\d{4,}|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
ROWS_TO_JUDGE_BY = 500


def guess_columns(header: Sequence[str], services: Iterable[Service]) -> list[Guess]:
    """A guess for each column. `services` come with their areas."""
    named = _names_of(services)
    taken: set[Guess] = set()
    found = []
    for name in header:
        guess = _guess(_words(name), named)
        found.append(NO_GUESS if guess in taken else guess)
        if _is_whole(guess):
            taken.add(guess)
    return found


def _is_whole(guess: Guess) -> bool:
    key, service = guess
    return bool(key) and (service is not None or not key.startswith(PROVISION))


def _guess(words: Words, named: dict[Words, int | None]) -> Guess:
    of_agency = [key for key, phrases in _phrases().items() if not key.startswith(PROVISION) and words in phrases]
    if of_agency:
        return of_agency[0], None
    # The longest name wins: "IT hosting" is the service of that name, not something of the area IT.
    for phrase in sorted(named, key=len, reverse=True):
        at = _position(phrase, words)
        if at is not None:
            return _measure(words[:at] + words[at + len(phrase) :], named[phrase])
    return NO_GUESS


def _measure(rest: Words, service: int | None) -> Guess:
    """What of the service the other words of the header name; a name alone is that of its staff."""
    if not rest:
        return FTE, service
    keys = [key for key, phrases in _phrases().items() if key.startswith(PROVISION) and rest in phrases]
    return (keys[0], service) if keys else NO_GUESS


def _position(phrase: Words, words: Words) -> int | None:
    starts = range(len(words) - len(phrase) + 1)
    return next((at for at in starts if words[at : at + len(phrase)] == phrase), None)


@cache
def _phrases() -> dict[str, set[Words]]:
    """By target: every name under which it is known, as words."""
    found = {}
    for key, target in targets().items():
        names = [*ALSO.get(key, "").split(", "), target.label, target.name.replace("_", " ")]
        found[key] = {_words(name) for name in names} - {()}
    return found


def _names_of(services: Iterable[Service]) -> dict[Words, int | None]:
    """The words by which a service is meant: code, name, both, or its area. None where several services fit."""
    meant: dict[Words, set[int]] = {}
    for service in services:
        area = service.area
        names = {service.code, service.name, f"{service.code} {service.name}", area.code, area.name}
        for name in names:
            meant.setdefault(_words(name), set()).add(service.pk)
    return {words: next(iter(keys)) if len(keys) == 1 else None for words, keys in meant.items() if words}


def _words(name: str) -> Words:
    """`avg_salary`, `Avg. salary` and `AVG-SALARY` are the same words."""
    return tuple(re.findall(r"[^\W_]+", name.casefold()))


def guess_numbers(rows: Iterable[Sequence[Any]], locale: str) -> Numbers:
    """How the file writes figures; where nothing tells, as the plan does."""
    texts = [cell for _, row in zip(range(ROWS_TO_JUDGE_BY), rows, strict=False) for cell in row if _is_text(cell)]
    point = sum(IN_POINT.fullmatch(text) is not None for text in texts)
    comma = sum(IN_COMMA.fullmatch(text) is not None for text in texts)
    if point == comma:
        return Numbers.COMMA if get_decimal_symbol(locale) == "," else Numbers.POINT
    return Numbers.POINT if point > comma else Numbers.COMMA


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) < 30
