"""Comments are kept by the writer, with their audit, and mention members of the plan only."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ssoplanner.core.models import AuditEvent, User
from ssoplanner.recompute.writer import delete
from ssoplanner.steps.comments import add_comment, readers_of_comments, settle_mention, unknown_names
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


# --- Names in the text ----------------------------------------------------------------------------------------------


def said(world: World, text: str) -> set[str]:
    """Whom the world's lead mentions by this text; the board member is called Ana, the analyst Ana Ortiz."""
    User.objects.filter(pk=world.here.people["board"].pk).update(name="Ana")
    User.objects.filter(pk=world.here.people["analyst"].pk).update(name="Ana Ortiz")
    User.objects.filter(pk=world.here.people["other_lead"].pk).update(name="")
    author = world.here.people["lead"]
    comment = add_comment(world.here.plan, "design.scope", author=author, actor=COMMAND, text=text)
    return {person.email.split("@")[0] for person in comment.mentions.all()}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ask @Ana Ortiz, please.", {"analyst"}),
        ("@Ana, and @ana ortiz!", {"board", "analyst"}),
        ("(@Ana)", {"board"}),
        ("@Anastasia knows, a@Ana does not, nor does https://x.example/@Ana", set()),
        ("Mail @other_lead@here.example.gov", {"other_lead"}),
        ("@viewer of here and @lead of there", set()),  # a viewer reads no comments, the other is in another plan
        ("Ana Ortiz", set()),
    ],
)
def test_a_whole_name_after_an_at_is_a_mention(world: World, text: str, names: set[str]) -> None:
    assert said(world, text) == names


def test_a_name_that_is_both_chosen_and_typed_counts_once(world: World) -> None:
    board = world.here.people["board"]
    words = {"text": "@board of here?", "mentions": [board]}
    comment = add_comment(world.here.plan, "design.scope", author=board, actor=COMMAND, **words)  # type: ignore[arg-type]
    assert list(comment.mentions.all()) == [board]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("@Sam Stranger and @board of here", ["Sam Stranger"]),
        ("@sam asks @Sam", ["sam", "Sam"]),
        ("Write to a@example.org, see https://a.example/@sam, at 5 @ noon, @@x", []),
        ("@Ana Maria Von Somewhere", ["Ana Maria Von"]),
    ],
)
def test_what_looks_like_a_name_and_is_nobodys_is_told(world: World, text: str, unknown: list[str]) -> None:
    assert unknown_names(text, readers_of_comments(world.here.plan)) == unknown


def test_a_viewer_cannot_be_mentioned_for_they_read_no_comments(world: World) -> None:
    here = world.here
    with pytest.raises(ValidationError) as refused:
        add_comment(
            here.plan,
            "design.scope",
            author=here.people["office"],
            actor=COMMAND,
            text="x",
            mentions=[here.people["viewer"]],
        )
    [sentence] = refused.value.message_dict["mentions"]
    assert sentence == "Viewers read no comments, so they cannot be mentioned: viewer of here."


# --- Behind one -----------------------------------------------------------------------------------------------------


def test_who_is_mentioned_puts_it_behind_them_and_it_is_in_the_audit(world: World) -> None:
    here, lead, board = world.here, world.here.people["lead"], world.here.people["board"]
    comment = add_comment(
        here.plan, "design.scope", author=here.people["office"], actor=COMMAND, text="x", mentions=[lead, board]
    )
    settle_mention(comment, user=lead, actor=COMMAND)
    settle_mention(comment, user=board, actor=COMMAND)  # from a page that was drawn before
    assert set(settle_mention(comment, user=board, actor=COMMAND).settled.all()) == {lead, board}
    events = AuditEvent.objects.for_plan(here.plan).filter(model="comment", row_id=comment.pk).order_by("version")
    assert [event.after.get("settled") for event in events] == [None, [lead.pk], sorted([lead.pk, board.pk])]
    with pytest.raises(ValidationError, match="analyst of here is not mentioned there"):
        settle_mention(comment, user=here.people["analyst"], actor=COMMAND)
