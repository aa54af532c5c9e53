"""Comments on a step: text is text, addresses of the web are links, mentions are of members, old ones are found."""

from __future__ import annotations

import re

import pytest

from ssoplanner.recompute.writer import bulk_load
from ssoplanner.steps.models import Comment
from ssoplanner.web.steps import step_url
from ssoplanner.web.steps_talk import linked
from tests.web.browsing import Page, save, sent
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db


def path(world: World, key: str = "design.scope") -> str:
    return step_url(world.here.plan, key)


def test_everybody_who_talks_adds_a_comment_in_their_own_name(world: World) -> None:
    for actor in ("office", "lead", "other_lead", "board", "analyst"):
        save(world.client(actor), path(world), text=f"From {actor}")
    text = Page(world.client("lead").get(path(world))).text
    assert [actor for actor in ("office", "board") if f"{actor} of here" not in text.split("Comments")[1]] == []
    authors = Comment.objects.for_plan(world.here.plan).filter(step="design.scope").values_list("author__name", "text")
    assert {name: said for name, said in authors}["other_lead of here"] == "From other_lead"
    assert text.index("From analyst") < text.index("From office")  # the newest first


def test_a_viewer_adds_none(world: World) -> None:
    assert world.client("viewer").post(path(world), {"text": "x"}).status_code == 403
    assert Comment.objects.for_plan(world.here.plan).count() == 1


def test_a_mention_is_chosen_from_the_members_and_shown_by_name(world: World) -> None:
    here, lead = world.here, world.client("lead")
    offered = Page(lead.get(path(world)))
    assert "board of here" in offered.text and "of there" not in offered.text and "Sam Stranger" not in offered.text
    save(lead, path(world), text="Please look", mentions=[here.people["board"].pk, here.people["analyst"].pk])
    assert "Mentioned: @analyst of here @board of here" in Page(lead.get(path(world))).text


@pytest.mark.parametrize("who", ["stranger", "there"])
def test_who_is_not_in_the_plan_cannot_be_mentioned(world: World, who: str) -> None:
    person = world.stranger if who == "stranger" else world.there.people["lead"]
    page = sent(world.client("lead"), path(world), text="Kept", mentions=[person.pk])
    assert page.text.count("Only members of the plan can be mentioned.") == 2
    assert page.values["text"] == ["Kept"]
    assert not Comment.objects.for_plan(world.here.plan).filter(step="design.scope").exists()


@pytest.mark.parametrize(("text", "said"), [("", "This field is required."), ("x" * 4001, "at most 4000 characters")])
def test_a_comment_of_no_words_or_too_many_is_refused(world: World, text: str, said: str) -> None:
    page = sent(world.client("office"), path(world), text=text)
    assert said in page.text and page.values["text"] == [text]


def test_markup_in_a_comment_is_text(world: World) -> None:
    markup = "<script>alert('x')</script> <a href=\"javascript:alert(1)\">y</a> &amp;"
    save(world.client("board"), path(world), text=markup)
    page = Page(world.client("office").get(path(world)))
    assert markup in page.text
    assert "<script>alert" not in page.html
    assert not [where for _, where in page.addresses if "javascript" in where]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("javascript:alert(1) and data:x", "javascript:alert(1) and data:x"),
        ("ftp://a.example mailto:a@b.example www.example.org", "ftp://a.example mailto:a@b.example www.example.org"),
        ("See https://a.example/x?y=1&z=2.", "See {https://a.example/x?y=1&amp;z=2}."),
        ("(http://a.example/x), HTTPS://B.example!", "({http://a.example/x}), {HTTPS://B.example}!"),
        ('https://a.example/"onmouseover="x', "{https://a.example/}&quot;onmouseover=&quot;x"),
        ("https://a.example/<b>", "{https://a.example/}&lt;b&gt;"),
        ("", ""),
    ],
)
def test_only_addresses_of_the_web_become_links(text: str, html: str) -> None:
    assert linked(text) == re.sub(r"\{(.+?)\}", r'<a href="\1" rel="nofollow noopener">\1</a>', html)


def test_a_page_shows_fifty_comments_and_leads_to_the_others(world: World) -> None:
    rows = [{"step": "design.scope", "author": world.here.people["board"], "text": f"No{n:03}."} for n in range(200)]
    bulk_load(Comment, plan=world.here.plan, actor=COMMAND, rows=rows, label="comments")
    office, seen = world.client("office"), []
    for number in ("1", "2", "3", "4"):
        page = Page(office.get(path(world), {"page": number}))
        seen += [n for n in range(200) if f"No{n:03}." in page.text]
        assert len(seen) == int(number) * 50
        assert ("Older" in page.text) == (number != "4") and ("Newer" in page.text) == (number != "1")
    assert sorted(seen) == list(range(200))
    assert "1 to 50 of 200" in Page(office.get(path(world))).text
    for odd in ("0", "-1", "x", "²", "9" * 40):
        assert office.get(path(world), {"page": odd}).status_code == 200


def test_a_comment_leads_back_to_the_comments(world: World) -> None:
    answer = world.client("office").post(path(world), {"text": "Here"})
    assert answer["Location"] == f"{path(world)}#comments"
