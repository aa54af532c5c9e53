"""The one gate to a plan, and what a member may do with an agency's rows.

A stranger gets 404, so that a plan's existence stays its own; a member in the wrong role gets 403 with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404

from ssoplanner.core.models import Agency, Membership, Plan, Role, User

# These see every agency's figures at any time; leads see their own, viewers what is released.
SEES_ALL = frozenset({Role.OFFICE, Role.BOARD, Role.ANALYST})
EVERYONE = frozenset(Role)


@dataclass(frozen=True)
class Member:
    """A person in a plan: all their roles there, and the agencies that they lead."""

    user: User
    plan: Plan
    roles: frozenset[Role]
    agency_ids: frozenset[int]

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def runs_plan(self) -> bool:
        return self.has(Role.OFFICE)

    @property
    def sees_all(self) -> bool:
        return not self.roles.isdisjoint(SEES_ALL)

    @property
    def role_names(self) -> str:
        return ", ".join(role.label for role in Role if role in self.roles)


class NotYourRole(PermissionDenied):
    """The page exists, and this member's roles do not open it. `str()` is the sentence that they read."""


def plan_for(user: User, slug: str, *roles: Role) -> Member:
    """The member that `user` is in the plan `slug`; Http404 to strangers, `NotYourRole` without one of `roles`."""
    memberships = list(Membership.objects.filter(plan__slug=slug, user=user).select_related("plan"))
    if not memberships:
        raise Http404("No such plan, or you are not a member of it.")
    prefetch_related_objects([held for held in memberships if held.role == Role.LEAD], "agencies")
    member = _member(user, memberships[0].plan, memberships)
    if roles and not member.has(*roles):
        wanted = " or ".join(role.label.lower() for role in Role if role in roles)
        raise NotYourRole(f"This page is for the {wanted}. Your role in this plan is: {member.role_names.lower()}.")
    return member


def members_of(plan: Plan) -> list[Member]:
    """Everybody in the plan by name, each with what they may do: two queries."""
    held: dict[User, list[Membership]] = {}
    for membership in Membership.objects.for_plan(plan).select_related("user").prefetch_related("agencies"):
        held.setdefault(membership.user, []).append(membership)
    return [_member(user, plan, memberships) for user, memberships in held.items()]


def _member(user: User, plan: Plan, memberships: Sequence[Membership]) -> Member:
    """`memberships` are all that the person has in the plan, with their agencies."""
    return Member(
        user=user,
        plan=plan,
        roles=frozenset(Role(membership.role) for membership in memberships),
        agency_ids=frozenset(
            agency.pk
            for membership in memberships
            if membership.role == Role.LEAD
            for agency in membership.agencies.all()
        ),
    )


def sees_agency_name(member: Member, agency: Agency) -> bool:
    """May the member know that this agency takes part?"""
    return member.sees_all or agency.pk in member.agency_ids or member.plan.leads_see_agencies


def sees_agency(member: Member, agency: Agency) -> bool:
    """May the member see this agency's own figures?"""
    return member.sees_all or agency.pk in member.agency_ids


def check_sees_agency(member: Member, agency: Agency) -> None:
    """Raise Http404 where even the name is not theirs to know, `NotYourRole` where only the figures are not."""
    if not sees_agency_name(member, agency):
        raise Http404("No such agency.")
    if not sees_agency(member, agency):
        raise NotYourRole(
            f"The figures of {agency} are for its own lead, the board, the analysts and the program office."
        )


def edits_agency(member: Member, agency: Agency) -> bool:
    """May the member change this agency's figures?"""
    return member.runs_plan or agency.pk in member.agency_ids


def check_edits_agency(member: Member, agency: Agency) -> None:
    """As `check_sees_agency`, and raise `NotYourRole` for those who only read."""
    check_sees_agency(member, agency)
    if not edits_agency(member, agency):
        raise NotYourRole(f"Only the lead of {agency} and the program office change its figures.")
