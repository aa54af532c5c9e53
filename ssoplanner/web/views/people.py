"""Who is in the plan and in which role; invitations."""

from __future__ import annotations

from itertools import groupby
from types import SimpleNamespace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from ssoplanner.access.gate import Member
from ssoplanner.access.invitations import invite, send_again
from ssoplanner.access.models import Invitation
from ssoplanner.core.models import Membership, Role, Source
from ssoplanner.recompute.writer import Actor, Conflict
from ssoplanner.web.forms.people import InvitationForm, MembershipForm
from ssoplanner.web.views.rows import PlanRequest, delete_page, form_page, plan_crumb, plan_url


def people(request: PlanRequest, slug: str) -> HttpResponse:
    """Everybody in the plan with their roles; the program office also sees who is invited."""
    member = request.member
    held = list(Membership.objects.for_plan(member.plan).select_related("user").prefetch_related("agencies"))
    waiting = Invitation.objects.for_plan(member.plan).filter(accepted_at__isnull=True).prefetch_related("agencies")
    by_person = groupby(sorted(held, key=lambda m: (str(m.user).casefold(), m.user_id)), key=lambda m: m.user)
    context = {
        "members": [_person(user, list(memberships), member) for user, memberships in by_person],
        "invitations": [_invitation(invitation, member) for invitation in waiting] if member.runs_plan else [],
        "can_edit": member.runs_plan,
        "invite_url": plan_url(member, "invite"),
        "crumbs": plan_crumb(member.plan),
    }
    return render(request, "web/people.html", context)


def _person(user: object, memberships: list[Membership], member: Member) -> SimpleNamespace:
    return SimpleNamespace(
        name=str(user),
        email=memberships[0].user.email,
        roles=[
            SimpleNamespace(
                label=membership.get_role_display(),
                agencies=", ".join(agency.name for agency in membership.agencies.all()),
                url=plan_url(member, "membership_edit", membership_id=membership.pk) if member.runs_plan else "",
            )
            for membership in memberships
        ],
    )


def _invitation(invitation: Invitation, member: Member) -> SimpleNamespace:
    key = {"invitation_id": invitation.pk}
    return SimpleNamespace(
        name=invitation.name,
        email=invitation.email,
        role=invitation.get_role_display(),
        agencies=", ".join(agency.name for agency in invitation.agencies.all()),
        state=invitation.state,
        expires_at=invitation.expires_at,
        version=invitation.version,
        resend_url=plan_url(member, "invitation_resend", **key),
        withdraw_url=plan_url(member, "invitation_withdraw", **key),
    )


def _crumbs(member: Member) -> list[tuple[str, str]]:
    return plan_crumb(member.plan, ("People", plan_url(member, "people")))


def invite_person(request: PlanRequest, slug: str) -> HttpResponse:
    """Invite a person by e-mail."""
    member = request.member
    form = InvitationForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        actor = Actor(user=request.user, source=Source.BROWSER)
        invitation = form.save_with(lambda values: invite(plan=member.plan, actor=actor, **values))
        if invitation is not None:
            messages.success(request, f"{invitation} is invited. The mail goes out within a minute.")
            return redirect(plan_url(member, "people"))
    context = {
        "form": form,
        "title": "Invite a person",
        "submit_label": "Send the invitation",
        "cancel_url": plan_url(member, "people"),
        "crumbs": _crumbs(member),
    }
    return render(request, "web/form.html", context, status=422 if form.is_bound else 200)


def invitation_resend(request: PlanRequest, slug: str, invitation_id: int) -> HttpResponse:
    """A new link for two more weeks."""
    invitation = _open_invitation(request, invitation_id)
    try:
        send_again(invitation, actor=Actor(user=request.user, source=Source.BROWSER))
        messages.success(request, f"{invitation.email} gets a new link; the old one no longer works.")
    except Conflict:
        messages.error(request, "The invitation changed meanwhile. Look at it again.")
    return redirect(plan_url(request.member, "people"))


def invitation_withdraw(request: PlanRequest, slug: str, invitation_id: int) -> HttpResponse:
    """Take an invitation back; its link stops working."""
    back = plan_url(request.member, "people")
    return delete_page(request, _open_invitation(request, invitation_id), done=back, back=back)


def _open_invitation(request: PlanRequest, invitation_id: int) -> Invitation:
    waiting = Invitation.objects.for_plan(request.member.plan).filter(accepted_at__isnull=True)
    invitation: Invitation = get_object_or_404(waiting, pk=invitation_id)
    return invitation


def membership_edit(request: PlanRequest, slug: str, membership_id: int) -> HttpResponse:
    """Which agencies a lead leads; or take the role away."""
    member = request.member
    membership = _membership(request, membership_id)
    if membership.role != Role.LEAD:
        return redirect(plan_url(member, "membership_delete", membership_id=membership.pk))
    return form_page(
        request,
        MembershipForm(request.POST or None, instance=membership, member=member),
        done=plan_url(member, "people"),
        title=str(membership),
        intro="To give another role, invite the same address in that role.",
        delete_url=plan_url(member, "membership_delete", membership_id=membership.pk),
        crumbs=_crumbs(member),
    )


def membership_delete(request: PlanRequest, slug: str, membership_id: int) -> HttpResponse:
    """Take a role away. The last program office stays, or nobody could run the plan."""
    member, membership = request.member, _membership(request, membership_id)
    people_url = plan_url(member, "people")
    offices = Membership.objects.for_plan(member.plan).filter(role=Role.OFFICE)
    if membership.role == Role.OFFICE and offices.count() == 1:
        messages.error(request, f"{membership.user} is the only program office. Invite another one first.")
        return redirect(people_url)
    return delete_page(request, membership, done=people_url, back=people_url)


def _membership(request: PlanRequest, membership_id: int) -> Membership:
    held = Membership.objects.for_plan(request.member.plan).select_related("user")
    membership: Membership = get_object_or_404(held, pk=membership_id)
    return membership
