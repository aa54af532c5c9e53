"""Run the rules for one reader: what each finds among the rows that the reader may know of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ssoplanner.access.gate import Member
from ssoplanner.web.xray.rules import Finding, Rule, Scope, Source, nobodys


@dataclass(frozen=True)
class Inspected:
    """A rule with the rows that it calls wrong. Their texts are made when they are shown."""

    rule: Rule
    wrong: Sequence[Any]
    scope: Scope

    @property
    def count(self) -> int:
        return len(self.wrong)

    def findings(self, first: int, last: int) -> list[Finding]:
        return [self.rule.finding(row, self.scope) for row in self.wrong[first:last]]


def rules_for(member: Member, some: Iterable[Rule]) -> list[Rule]:
    """The rules that can find something which is the member's to know."""
    return [rule for rule in some if member.sees_all or rule.source.is_own is not nobodys]


def inspect(member: Member, scope: Scope, some: Iterable[Rule]) -> list[Inspected]:
    """In the order of the rules. Each source is read once."""
    read: dict[Source, list[Any]] = {}
    found = []
    for rule in rules_for(member, some):
        if rule.source not in read:
            read[rule.source] = _rows(rule.source, scope, member)
        wrong = [row for row in read[rule.source] if rule.is_wrong(row, scope)]
        found.append(Inspected(rule, wrong, scope))
    return found


def _rows(source: Source, scope: Scope, member: Member) -> list[Any]:
    rows = source.rows(scope)
    return list(rows) if member.sees_all else [row for row in rows if source.is_own(row, member)]
