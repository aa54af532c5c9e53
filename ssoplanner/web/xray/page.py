"""What the page of the X-ray shows: how much is wrong by severity, then the rules, the worst first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from ssoplanner.access.gate import Member
from ssoplanner.access.policy import policy
from ssoplanner.core.models import Agency, Role, Service
from ssoplanner.web import formats
from ssoplanner.web.views.rows import plan_url
from ssoplanner.web.xray.inspection import Inspected, inspect, rules_for
from ssoplanner.web.xray.progress_rules import PAST_ITS_DATE, STEPS
from ssoplanner.web.xray.rules import ABOUT, OFFICE_AND_LEADS, Finding, Link, Rule, Severity, rules, scope_now

FIRST, A_PAGE = 5, 50
SEVERITIES = {severity.key: severity for severity in Severity}
FILTERS = ("severity", "about", "mends")


@dataclass(frozen=True)
class Asked:
    """The filters of the address; what it names and we do not know is left out."""

    severity: str
    about: str
    mends: str

    def lets_in(self, rule: Rule) -> bool:
        return (
            self.severity in {"", rule.severity.key}
            and self.about in {"", rule.about}
            and (not self.mends or Role(self.mends) in rule.mends)
        )


def asked(address: QueryDict) -> Asked:
    known: dict[str, Any] = {"severity": SEVERITIES, "about": ABOUT, "mends": [role.value for role in OFFICE_AND_LEADS]}
    return Asked(**{name: value if (value := address.get(name, "")) in known[name] else "" for name in FILTERS})


def rule_named(member: Member, key: str) -> Rule | None:
    return next((rule for rule in rules_for(member, rules()) if rule.key == key), None)


def is_empty(member: Member) -> bool:
    """Whether the plan holds nothing yet that could be wrong."""
    plan = member.plan
    return not (Agency.objects.for_plan(plan).exists() or Service.objects.for_plan(plan).exists())


def overview(member: Member, address: QueryDict) -> dict[str, Any]:
    """All rules for the whole page; the counts on top are those of everything, whatever is filtered."""
    only = asked(address)
    found = inspect(member, scope_now(member.plan), rules())
    shown = [one for one in found if only.lets_in(one.rule)]
    return {
        "counts": [_count(severity, found, member, only) for severity in Severity],
        "total": _total(found, member),
        "groups": [group for severity in Severity if (group := _group(severity, shown, member)).rules],
        "in_order": [one.rule.title for one in shown if not one.count],
        "filters": _filters(found, member, only),
        "is_filtered": any(getattr(only, name) for name in FILTERS),
    }


def findings_about(member: Member, subjects: Collection[str], steps: Collection[str]) -> list[SimpleNamespace]:
    """The rules that find something about these subjects or these steps (keys), the worst first, and what they find.

    That a step is past its date is left out: where steps are shown, each says so by itself.
    """
    of_steps = [rule for rule in rules() if rule.source is STEPS and rule.key != PAST_ITS_DATE]
    some = [rule for rule in rules() if rule.about in subjects and rule.source is not STEPS]
    found = inspect(member, scope_now(member.plan), [*some, *of_steps])
    held = [_only_steps(one, steps) if one.rule.source is STEPS else one for one in found]
    groups = (_group(severity, held, member) for severity in Severity)
    return [line for group in groups for line in group.rules]


def _only_steps(inspected: Inspected, steps: Collection[str]) -> Inspected:
    return replace(inspected, wrong=[row for row in inspected.wrong if row.step in steps])


def one_rule(member: Member, rule: Rule, address: QueryDict) -> dict[str, Any]:
    """Everything that one rule finds, page by page."""
    inspected = inspect(member, scope_now(member.plan), [rule])[0]
    page = Paginator(inspected.wrong, A_PAGE).get_page(address.get("page"))
    first = page.start_index() - 1 if inspected.count else 0
    return {"rule": _line(inspected, member, first, first + A_PAGE), "page_obj": page}


# --- Its parts ------------------------------------------------------------------------------------------------------


def _total(found: Sequence[Inspected], member: Member) -> str:
    count = sum(one.count for one in found)
    if not count:
        return ""
    wrong = sum(1 for one in found if one.count)
    stops = any(one.count for one in found if one.rule.severity is Severity.STOPS)
    findings = formats.counted(count, "finding", "findings", member.plan)
    relieved = "Nothing stops a decision. " if member.sees_all and not stops else ""
    return f"{relieved}{findings} from {wrong} of {len(found)} checks."


def _count(severity: Severity, found: Sequence[Inspected], member: Member, only: Asked) -> SimpleNamespace:
    of_it = [one for one in found if one.rule.severity is severity and one.count]
    return SimpleNamespace(
        label=severity.label,
        tone=severity.tone,
        value=formats.number(sum(one.count for one in of_it), member.plan),
        note=f"from {formats.counted(len(of_it), 'check', 'checks', member.plan)}" if of_it else "nothing found",
        url=_address(member, only, severity=severity.key) if of_it else "",
    )


def _group(severity: Severity, shown: Sequence[Inspected], member: Member) -> SimpleNamespace:
    """The rules of one severity that find something, the one that finds most first."""
    of_it = sorted((one for one in shown if one.rule.severity is severity and one.count), key=lambda one: -one.count)
    return SimpleNamespace(severity=severity, rules=[_line(one, member, 0, FIRST) for one in of_it])


def _line(inspected: Inspected, member: Member, first: int, last: int) -> SimpleNamespace:
    rule, plan = inspected.rule, member.plan
    return SimpleNamespace(
        key=rule.key,
        title=rule.title,
        why=rule.why,
        severity=rule.severity,
        count=formats.number(inspected.count, plan),
        about=ABOUT[rule.about],
        mends=" or ".join(role.label.lower() for role in rule.mends),
        findings=[_finding(one, member) for one in inspected.findings(first, last)],
        is_more=inspected.count > last - first,
        url=f"{plan_url(member, 'xray')}?rule={rule.key}",
    )


def _finding(finding: Finding, member: Member) -> SimpleNamespace:
    link = next((link for link in finding.links if _opens(link, member)), None)
    return SimpleNamespace(text=finding.text, url=plan_url(member, link.page, **link.ids) if link else "")


def _opens(link: Link, member: Member) -> bool:
    return member.has(*(link.roles or policy()[link.page].read))


def _filters(found: Sequence[Inspected], member: Member, only: Asked) -> list[SimpleNamespace]:
    """What there is to choose from: a severity, subject or role that has no check is not offered."""
    held = [one.rule for one in found]
    choices: dict[str, tuple[str, Mapping[str, str]]] = {
        "severity": ("How bad", {key: severity.label for key, severity in SEVERITIES.items()}),
        "about": ("About", {key: label for key, label in ABOUT.items() if any(rule.about == key for rule in held)}),
        "mends": ("Mended by", {role.value: role.label for role in OFFICE_AND_LEADS}),
    }
    return [
        SimpleNamespace(
            name=name,
            label=label,
            options=[(key, text, key == getattr(only, name)) for key, text in some.items()],
        )
        for name, (label, some) in choices.items()
    ]


def _address(member: Member, only: Asked, **other: str) -> str:
    """The page with the filters as they are, but for `other`."""
    values = {name: getattr(only, name) for name in FILTERS} | other
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in values.items() if value})
    return f"{plan_url(member, 'xray')}?{query.urlencode()}"
