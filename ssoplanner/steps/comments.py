"""Saying something about a step, and mentioning members of the plan."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError

from ssoplanner.core.models import Membership, Plan, User
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, create
from ssoplanner.steps.models import Comment


def add_comment(
    plan: Plan, key: str, *, author: User, actor: Actor, text: str, mentions: Collection[User] = ()
) -> Comment:
    """Save a comment. Raises ValidationError with a sentence if somebody who is mentioned is not in the plan."""
    with saving():
        _check_members(plan, mentions)
        values = {"step": key, "author": author, "text": text, "mentions": list(mentions)}
        return create(Comment, plan=plan, actor=actor, values=values)


def _check_members(plan: Plan, people: Collection[User]) -> None:
    known = set(Membership.objects.for_plan(plan).filter(user__in=people).values_list("user_id", flat=True))
    strangers = sorted(str(person) for person in people if person.pk not in known)
    if strangers:
        names = ", ".join(strangers)
        raise ValidationError({"mentions": f"Only members of the plan can be mentioned. Not in the plan: {names}."})
