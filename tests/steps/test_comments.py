"""Comments are kept by the writer, with their audit, and mention members of the plan only."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ssoplanner.core.models import AuditEvent
from ssoplanner.recompute.writer import delete
from ssoplanner.steps.comments import add_comment
from ssoplanner.steps.models import Comment
from tests.world import COMMAND, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_comment_is_in_the_audit_with_whom_it_mentions(world: World) -> None:
    here, mentions = world.here, [world.here.people["lead"], world.here.people["board"]]
    said = add_comment(
        here.plan, "design.scope", author=here.people["office"], actor=COMMAND, text="Look.", mentions=mentions
    )
    event = AuditEvent.objects.for_plan(here.plan).get(model="comment", row_id=said.pk)
    assert event.after == {
        "step": "design.scope",
        "author": here.people["office"].pk,
        "text": "Look.",
        "mentions": sorted(person.pk for person in mentions),
    }
    assert set(said.mentions.all()) == set(mentions)


def test_who_is_not_in_the_plan_is_not_mentioned(world: World) -> None:
    here = world.here
    strangers = [world.stranger, world.there.people["lead"], here.people["lead"]]
    with pytest.raises(ValidationError) as refused:
        add_comment(
            here.plan, "design.scope", author=here.people["office"], actor=COMMAND, text="x", mentions=strangers
        )
    [sentence] = refused.value.message_dict["mentions"]
    assert sentence == "Only members of the plan can be mentioned. Not in the plan: Sam Stranger, lead of there."
    assert not Comment.objects.for_plan(here.plan).filter(step="design.scope").exists()


def test_who_left_is_still_named_where_they_were_mentioned(world: World) -> None:
    here = world.here
    delete(here.memberships["lead"], actor=COMMAND, version=1)
    [said] = Comment.objects.for_plan(here.plan)
    assert list(said.mentions.all()) == [here.people["lead"]]


@pytest.mark.parametrize(("step", "text"), [("design.none", "x"), ("design.scope", "")])
def test_a_comment_without_words_or_step_is_refused(world: World, step: str, text: str) -> None:
    with pytest.raises(ValidationError):
        add_comment(world.here.plan, step, author=world.here.people["office"], actor=COMMAND, text=text)
