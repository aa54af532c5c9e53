"""Who may open which URL: one table, gathered from the packages that own the URLs, and enforced by the middleware.

A URL that no table lists opens for nobody. The table says which roles read and which write; rules about single rows
(a lead and their own agencies) stand in `gate` and are applied by the view.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module

from ssoplanner.core.models import Role
from ssoplanner.phases import phase_modules

# By name, since access imports neither: they stand above it.
OWN_TABLES = ("ssoplanner.web.policy", "ssoplanner.workbook.policy")


class Audience(Enum):
    PUBLIC = "everybody, signed in or not"
    SIGNED_IN = "whoever is signed in"
    MEMBERS = "members of the plan, by role"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Rule:
    """`read` holds for GET and HEAD, `write` for every other method; `reason` is owed by whatever is not by role."""

    audience: Audience
    read: frozenset[Role] = frozenset()
    write: frozenset[Role] = frozenset()
    reason: str = ""


def public(reason: str) -> Rule:
    return Rule(Audience.PUBLIC, reason=reason)


def signed_in(reason: str) -> Rule:
    return Rule(Audience.SIGNED_IN, reason=reason)


def closed(reason: str) -> Rule:
    """For the URLs of a library that we do not offer: they answer 404."""
    return Rule(Audience.NOBODY, reason=reason)


def members(read: Iterable[Role] = Role, write: Iterable[Role] = ()) -> Rule:
    return Rule(Audience.MEMBERS, read=frozenset(read), write=frozenset(write))


@cache
def policy() -> dict[str, Rule]:
    """View name -> rule, over the whole application."""
    table: dict[str, Rule] = {}
    own = [import_module(name) for name in OWN_TABLES]
    for module in (*own, *phase_modules("policy")):
        for name, rule in module.POLICY.items():
            if name in table:
                raise ValueError(f"two rules for the URL {name}")
            table[name] = rule
    return table
