"""Saying something about a step, and mentioning members of the plan."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError

from ssoplanner.core.models import Membership, Plan, Role, User
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, create, update
from ssoplanner.steps.models import Comment

# An @ that begins a word, and up to three words with a capital after it: what was perhaps meant as a name.
PERHAPS_A_NAME = re.compile(r"(?<![\w@./])@([^\W\d_][\w'’-]*(?: [^\W\d_a-z][\w'’-]*){0,2})")


def add_comment(
    plan: Plan, key: str, *, author: User, actor: Actor, text: str, mentions: Collection[User] = ()
) -> Comment:
    """Save a comment. Whom its text names, as in “@Ana Ortiz”, is mentioned like whom `mentions` holds.

    Raises ValidationError with a sentence if somebody of these is not in the plan, or reads no comments.
    """
    with saving():
        readers = readers_of_comments(plan)
        _check_readers(plan, mentions, readers)
        everybody = list(dict.fromkeys([*mentions, *named_in(text, readers)]))
        values = {"step": key, "author": author, "text": text, "mentions": everybody}
        return create(Comment, plan=plan, actor=actor, values=values)


def settle_mention(comment: Comment, *, user: User, actor: Actor) -> Comment:
    """Put a mention behind `user` without an answer. Raises ValidationError if they were not mentioned."""
    with saving():
        current = update(comment, actor=actor, version=comment.version, values={})  # locked, as it is now
        if not current.mentions.filter(pk=user.pk).exists():
            raise ValidationError(f"{user} is not mentioned there.")
        settled = [*current.settled.all(), user]
        return update(current, actor=actor, version=current.version, values={"settled": list(dict.fromkeys(settled))})


def readers_of_comments(plan: Plan) -> list[User]:
    """Members who read and write comments, by name: all but those who are viewers only."""
    held = Membership.objects.for_plan(plan).exclude(role=Role.VIEWER).select_related("user")
    return list(dict.fromkeys(membership.user for membership in held))


def names_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Finds “@” and one of the names in a text, whatever the case; the longest where one begins with another."""
    known = sorted(filter(None, names), key=len, reverse=True)
    if not known:
        return None
    return re.compile(rf"(?<![\w@./])@({'|'.join(map(re.escape, known))})(?!\w)", re.IGNORECASE)


def named_in(text: str, people: Iterable[User]) -> list[User]:
    """Of these people the ones whom the text names."""
    people = list(people)
    pattern = names_pattern(map(str, people))
    said = {found[1].casefold() for found in pattern.finditer(text)} if pattern else set()
    return [person for person in people if str(person).casefold() in said]


def unknown_names(text: str, people: Iterable[User]) -> list[str]:
    """What stands after an @ as a name does, and is nobody's name."""
    pattern = names_pattern(map(str, people))
    rest = pattern.sub("", text) if pattern else text
    return list(dict.fromkeys(found[1] for found in PERHAPS_A_NAME.finditer(rest)))


def _check_readers(plan: Plan, mentioned: Collection[User], readers: Collection[User]) -> None:
    others = {person for person in mentioned if person not in readers}
    members = set(Membership.objects.for_plan(plan).filter(user__in=others).values_list("user_id", flat=True))
    strangers = sorted(str(person) for person in others if person.pk not in members)
    if strangers:
        names = ", ".join(strangers)
        raise ValidationError({"mentions": f"Only members of the plan can be mentioned. Not in the plan: {names}."})
    if others:
        names = ", ".join(sorted(map(str, others)))
        raise ValidationError({"mentions": f"Viewers read no comments, so they cannot be mentioned: {names}."})
