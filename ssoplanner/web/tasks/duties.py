"""What waits for people because of their role: votes, the figures of one's agencies, what the program office does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.db.models import F
from django.utils.text import get_text_list

from ssoplanner.access.gate import Member
from ssoplanner.access.models import Invitation
from ssoplanner.access.policy import policy
from ssoplanner.access.results import released
from ssoplanner.core.models import Role
from ssoplanner.recompute.calculations import Audience, calculations
from ssoplanner.recompute.compute import INCOMPLETE
from ssoplanner.recompute.models import Result
from ssoplanner.steps.models import Decision, DecisionState, Vote
from ssoplanner.web import formats
from ssoplanner.web.tasks.lines import SOON, Scope, Source, State, TaskLine, state_of
from ssoplanner.web.views.rows import plan_url
from ssoplanner.web.xray import rules as xray
from ssoplanner.web.xray.inspection import inspect

# What a lead mends in their own agencies: of these the rows are one agency each.
VOTERS = "rests_on__voters"
OF_AGENCIES = frozenset({"agencies", "figures"})
NAMED = 3  # results by name, the others are counted


def holders(scope: Scope, role: Role) -> list[Member]:
    return [member for member in scope.people.values() if member.has(role)]


def votes(scope: Scope) -> Iterator[TaskLine]:
    """Decisions that are open for votes, for each of those who may vote and have not."""
    board = holders(scope, Role.BOARD)
    if not board:
        return
    cast = set(Vote.objects.for_plan(scope.plan).filter(user__in=scope.people).values_list("decision", "user"))
    rows = Decision.objects.for_plan(scope.plan).filter(state=DecisionState.VOTING).annotate(entitled=F(VOTERS))
    for decision in rows.defer("rests_on"):  # whole results, of which only the voters are asked for
        entitled = decision.entitled  # none were noted of a decision that rests on no figures
        for member in board:
            may = entitled is None or member.user.pk in entitled
            if may and (decision.pk, member.user.pk) not in cast:
                yield _vote(member, decision)


def _vote(member: Member, decision: Decision) -> TaskLine:
    return TaskLine(
        person=member.user.pk,
        kind="Vote",
        title=f"Vote: {decision}",
        url=plan_url(member, "gate", phase_key=decision.phase) if decision.phase else "",
        why="You are on the board",
        state=State.NO_DATE,
    )


# --- Agency leads ---------------------------------------------------------------------------------------------------


def agency_gaps(scope: Scope) -> Iterator[TaskLine]:
    """What the X-ray finds in the agencies that a lead leads: a line for each agency and rule, never another's."""
    leads = holders(scope, Role.LEAD)
    looked, read = xray.scope_now(scope.plan), {}
    for rule in _rules_of_agencies() if leads else ():
        if rule.source not in read:
            read[rule.source] = list(rule.source.rows(looked))
        for row in read[rule.source]:
            for member in leads:
                if rule.source.is_own(row, member) and rule.is_wrong(row, looked):
                    yield _gap(member, rule, rule.finding(row, looked))


def _rules_of_agencies() -> list[xray.Rule]:
    own = [rule for rule in xray.rules() if rule.about in OF_AGENCIES and rule.source.is_own is not xray.nobodys]
    return [rule for rule in own if Role.LEAD in rule.mends]


def _gap(member: Member, rule: xray.Rule, finding: xray.Finding) -> TaskLine:
    link = next((one for one in finding.links if member.has(*(one.roles or policy()[one.page].read))), None)
    return TaskLine(
        person=member.user.pk,
        kind="Figures",
        title=f"{rule.title}: {finding.text}",
        url=plan_url(member, link.page, **link.ids) if link else "",
        why="You lead this agency",
        state=State.NO_DATE,
        notes=(rule.why,),
    )


# --- The program office ---------------------------------------------------------------------------------------------


def office(scope: Scope) -> Iterator[TaskLine]:
    """What the program office does for all: results to release, and what the X-ray finds."""
    members = holders(scope, Role.OFFICE)
    if not members:
        return
    said = [line for line in (_unreleased(scope), _findings(scope, members[0])) if line]
    for member in members:
        for title, page, note in said:
            yield _for_office(member, title, page, note)


def invitations(scope: Scope) -> Iterator[TaskLine]:
    """Those that nobody has accepted and that end within the week."""
    members = holders(scope, Role.OFFICE)
    if not members:
        return
    ends = {"expires_at__gt": scope.now, "expires_at__lte": scope.now + SOON + timedelta(days=1)}
    for row in Invitation.objects.for_plan(scope.plan).filter(accepted_at=None, **ends).order_by("expires_at"):
        due = scope.plan.day_of(row.expires_at)
        if state_of(due, scope.today) is State.THIS_WEEK:
            note = "After that day the link is dead. Ask them, or send it again."
            for member in members:
                title = f"{row.name} has not accepted the invitation"
                yield replace(_for_office(member, title, "people", note), due=due, state=State.THIS_WEEK)


def _unreleased(scope: Scope) -> tuple[str, str, str] | None:
    there = Result.objects.filter(derived__plan=scope.plan, derived__retired_at=None)
    complete = there.exclude(payload__startswith=f'{{"{INCOMPLETE}":')
    made = set(complete.values_list("derived__calculation", flat=True).distinct()) - released(scope.plan)
    titles = [one.title for key, one in calculations().items() if key in made and one.audience is Audience.RELEASED]
    if not titles:
        return None
    more = [formats.counted(len(titles) - NAMED, "other", "others", scope.plan)] if len(titles) > NAMED else []
    counted = formats.counted(len(titles), "result waits", "results wait", scope.plan)
    note = f"{get_text_list([*titles[:NAMED], *more], 'and')}. Leads and viewers see them once you release them."
    return f"{counted} to be released", "figures", note


def _findings(scope: Scope, member: Member) -> tuple[str, str, str] | None:
    found = [one for one in inspect(member, xray.scope_now(scope.plan), xray.rules()) if one.count]
    if not found:
        return None
    counted = formats.counted(sum(one.count for one in found), "finding", "findings", scope.plan)
    stops = sum(one.count for one in found if one.rule.severity is xray.Severity.STOPS)
    note = f"{formats.counted(stops, 'stops', 'stop', scope.plan)} a decision." if stops else "None stops a decision."
    return f"{counted} of the X-ray", "xray", note


def _for_office(member: Member, title: str, page: str, note: str) -> TaskLine:
    return TaskLine(
        person=member.user.pk,
        kind="Office",
        title=title,
        url=plan_url(member, page),
        why="You run the plan",
        state=State.NO_DATE,
        notes=(note,),
    )


SOURCES = (Source(votes), Source(agency_gaps, in_mail=False), Source(office, in_mail=False), Source(invitations))
