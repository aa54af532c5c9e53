"""Mentioning people in a comment without JavaScript: by a box, by a name in the text; and how a mention reads."""

from __future__ import annotations

import re

import pytest

from ssoplanner.core.models import Membership, Role, User
from ssoplanner.recompute.writer import delete
from ssoplanner.steps.comments import add_comment
from ssoplanner.steps.models import Comment
from ssoplanner.web.steps import step_url
from ssoplanner.web.steps_talk import linked
from tests.web.browsing import Page, save, sent
from tests.world import COMMAND, World, make

pytestmark = pytest.mark.django_db


def path(world: World) -> str:
    return step_url(world.here.plan, "design.scope")


def mentioned(world: World) -> set[str]:
    newest = Comment.objects.for_plan(world.here.plan).latest("id")
    return {str(person) for person in newest.mentions.all()}


def test_people_are_offered_with_their_roles_and_only_those_who_read_comments(world: World) -> None:
    make(Membership, world.here.plan, user=world.here.people["board"], role=Role.VIEWER)
    page = Page(world.client("lead").get(path(world)))
    offered = page.text.split("Mention people")[1].split("Add the comment")[0]
    assert "board of here, board member, viewer" in offered and "lead of here, agency lead" in offered
    assert "viewer of here" not in offered and "of there" not in page.text and "Sam Stranger" not in page.text


def test_boxes_and_names_in_the_text_both_mention(world: World) -> None:
    people = world.here.people
    words = "See this, @analyst of here and @OFFICE of here."
    save(world.client("lead"), path(world), text=words, mentions=[people["board"].pk, people["office"].pk])
    assert mentioned(world) == {"analyst of here", "office of here", "board of here"}
    page = Page(world.client("lead").get(path(world)))
    assert '<span class="tag mention">@analyst of here</span>' in page.html
    assert '<span class="tag mention">@OFFICE of here</span>' in page.html
    assert "Mentioned: @board of here" in page.text  # whom the text names is not named once more
    assert page.text.count("@analyst of here") == 1


def test_a_name_that_nobody_has_is_said_and_the_comment_is_kept(world: World) -> None:
    lead = world.client("lead")
    for text, name in (("Ask @Sam Stranger about it", "Sam Stranger"), ("@lead of there?", "lead")):
        answer = lead.post(path(world), {"text": text}, follow=True)
        assert f"Nobody who reads comments in this plan is called “{name}”, so nobody was told." in Page(answer).text
        assert mentioned(world) == set()
    fine = lead.post(path(world), {"text": "@board of here, mail a@example.org"}, follow=True)
    assert "Nobody who reads comments" not in Page(fine).text


def test_a_viewer_and_who_left_are_refused_beside_the_field_and_nothing_is_lost(world: World) -> None:
    delete(world.here.memberships["analyst"], actor=COMMAND, version=1)
    for who in ("viewer", "analyst"):
        page = sent(world.client("lead"), path(world), text="Kept", mentions=[world.here.people[who].pk])
        assert page.text.count("Only members of the plan can be mentioned.") == 2
        assert page.values["text"] == ["Kept"]
        assert re.search(r'<details class="mention-people"\s+open>', page.html)


def test_a_refused_comment_keeps_who_was_ticked_in_sight(world: World) -> None:
    board = str(world.here.people["board"].pk)
    page = sent(world.client("lead"), path(world), text="", mentions=[board])
    assert page.values["mentions"] == [board]
    assert re.search(r'<details class="mention-people"\s+open>', page.html)
    assert not re.search(r'<details class="mention-people"\s+open>', Page(world.client("lead").get(path(world))).html)


def test_markup_in_a_name_is_text_in_its_box_and_in_a_comment(world: World) -> None:
    name = '<b>O\'Neil</b> & "Co"'
    board = world.here.people["board"]
    User.objects.filter(pk=board.pk).update(name=name)
    add_comment(world.here.plan, "design.scope", author=board, actor=COMMAND, text=f"Dear @{name}!")
    page = Page(world.client("lead").get(path(world)))
    assert "<b>O" not in page.html and f"Dear @{name} !" in page.text.replace("@ ", "@")
    assert mentioned(world) == {name}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("@Ana, @Ana Ortiz.", "{@Ana}, {@Ana Ortiz}."),
        ("@Anastasia a@Ana @@Ana", "@Anastasia a@Ana @@Ana"),
        ("<b>@Ana</b>", "&lt;b&gt;{@Ana}&lt;/b&gt;"),
        (
            "https://x.example/@Ana @Ana",
            '<a href="https://x.example/@Ana" rel="nofollow noopener">https://x.example/@Ana</a> {@Ana}',
        ),
        ("@Ben", "@Ben"),
    ],
)
def test_only_whole_names_of_the_mentioned_become_tags(text: str, html: str) -> None:
    wanted = re.sub(r"\{(.+?)\}", r'<span class="tag mention">\1</span>', html)
    assert linked(text, ("Ana", "Ana Ortiz")) == wanted
