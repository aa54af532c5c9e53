"""Which fields say that they are required: one rule for all forms, and a sentence above each that says it."""

from __future__ import annotations

import re

import pytest
from django import forms

from ssoplanner.web.forms.required import ALL, NONE, SOME, is_marked, note
from tests.access.urls import address
from tests.web.browsing import Page, own_pages
from tests.world import World

MARK = "(required)"


class Mixed(forms.Form):
    must = forms.CharField()
    may = forms.CharField(required=False)
    ticked = forms.BooleanField()
    chosen = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    to_choose = forms.ChoiceField(choices=[("", "Choose"), ("a", "A")])
    grouped = forms.ChoiceField(choices=[("Group", [("a", "A")]), ("b", "B")])
    radio = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    fixed = forms.CharField(disabled=True)
    hidden = forms.CharField(widget=forms.HiddenInput)


class AllNeeded(forms.Form):
    one = forms.CharField()
    two = forms.CharField()
    ticked = forms.BooleanField(required=False)


class OneNeeded(forms.Form):
    one = forms.CharField()


class NoneNeeded(forms.Form):
    one = forms.CharField(required=False)


def test_marked_is_what_could_be_left_empty_and_must_not() -> None:
    form = Mixed()
    assert [bound.name for bound in form.visible_fields() if is_marked(bound)] == ["must", "to_choose", "radio"]
    assert note(form) == SOME


@pytest.mark.parametrize(("form", "sentence"), [(AllNeeded, ALL), (OneNeeded, ""), (NoneNeeded, NONE)])
def test_where_all_fields_are_alike_a_sentence_says_it_and_none_is_marked(
    form: type[forms.Form], sentence: str
) -> None:
    built = form()
    assert note(built) == sentence
    assert not [bound.name for bound in built if is_marked(bound)]


@pytest.mark.django_db
def test_each_page_with_marks_says_what_they_mean_and_none_says_optional(world: World) -> None:
    marked = []
    for name, page in own_pages(world.client("office"), world):
        assert (MARK in page.text) == (SOME in page.text), name
        assert "(optional)" not in page.text, name
        marked += [name] if MARK in page.text else []
    assert {"agency_edit", "service_new", "system_edit", "kpi_new", "plan_settings", "invite"} <= set(marked)


@pytest.mark.django_db
def test_a_form_without_the_needed_fields_is_refused_at_each_marked_one(world: World) -> None:
    office, path = world.client("office"), address("system_new", world.here)
    asked = set(re.findall(r"([^<>]+?)\s*<span class=\"mark-required\"", office.get(path).content.decode()))
    refused = Page(office.post(path, {"version": 0}))
    assert {label.strip() for label in asked} == {"Name", "Function", "Agencies that use it"}
    assert all(f"{label.strip()}: This field is required." in refused.text for label in asked)


@pytest.mark.django_db
def test_the_roles_of_an_invitation_are_radios_each_with_what_it_may_do(world: World) -> None:
    html = world.client("office").get(address("invite", world.here)).content.decode()
    [group] = [part for part in html.split("<fieldset")[1:] if 'name="role"' in part.split("</fieldset>")[0]]
    group = group.split("</fieldset>")[0]
    assert re.search(r"<legend>\s*Role\s*<span[^>]*>\(required\)</span>\s*</legend>", group)
    described = re.findall(r'<input type="radio" name="role" value="(\w+)"[^>]*aria-describedby="(\w+)"', group)
    assert [role for role, _ in described] == ["office", "lead", "board", "analyst", "viewer"]
    hints = [re.search(rf'id="{hint}">([^<]+)<', group) for _, hint in described]
    assert [hint[1] for hint in hints if hint][3:] == [
        "Reads everything, exports and imports.",
        "Reads what is released.",
    ]


@pytest.mark.django_db
def test_an_invitation_without_a_role_says_what_to_do_and_links_there(world: World) -> None:
    office, path = world.client("office"), address("invite", world.here)
    answer = office.post(path, {"name": "N", "email": "n@example.gov"})
    assert answer.status_code == 422
    assert "Role: Choose what the person may do." in Page(answer).text
    assert 'href="#id_role_0"' in answer.content.decode() and 'id="id_role_0"' in answer.content.decode()
