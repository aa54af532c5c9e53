"""A session that ended while somebody was typing: nothing they typed is lost, and nothing secret is shown."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from ssoplanner.core.models import System
from tests.access.urls import address
from tests.world import PASSWORD, World

LOGIN = "/accounts/login/"
OURS = {"Origin": "http://testserver"}
MARKUP = "\"><script>alert(1)</script><b id='x'>"
LINES = "First line.\r\n\r\n  Third line, indented."

pytestmark = pytest.mark.django_db


class Forms(HTMLParser):
    """The fields of every posted form on a page, by the address that the form is sent to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, list[str]]] = {}
        self.fields: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form" and values.get("method") == "post":
            self.fields = self.found[values.get("action") or ""] = {}
        elif tag == "input" and values.get("name"):
            self.fields.setdefault(str(values["name"]), []).append(values.get("value") or "")


def kept(response: Any) -> dict[str, list[str]]:
    """What the page that keeps a form would send again, to the same address as before."""
    forms = Forms(response.content.decode()).found
    assert response.request["PATH_INFO"] in forms, response.content.decode()
    return forms[response.request["PATH_INFO"]]


def token(client: Client, path: str) -> str:
    """The protection code that a page carries in its forms."""
    forms = Forms(client.get(path).content.decode()).found.values()
    return next(fields["csrfmiddlewaretoken"][0] for fields in forms if "csrfmiddlewaretoken" in fields)


def sign_in(client: Client, email: str) -> None:
    typed = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token(client, LOGIN)}
    assert client.post(LOGIN, typed).status_code == 302


def post(path: str, typed: dict[str, Any], **headers: str) -> Any:
    """The answer to a form sent without a session."""
    return Client().post(path, typed, headers={**OURS, **headers})


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_a_page_leads_to_signing_in_and_back_with_its_whole_address(world: World) -> None:
    path = reverse("agencies", kwargs={"slug": "here"}) + "?status=engaged"
    client = Client()

    asked = client.get(path)
    typed = {"login": "office@here.example.gov", "password": PASSWORD, "next": path}

    assert asked.status_code == 302
    assert asked["Location"] == f"{LOGIN}?next=/plans/here/agencies/%3Fstatus%3Dengaged"
    assert client.post(asked["Location"], typed)["Location"] == path


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(world: World) -> None:
    shown = "http://testserver/plans/here/kpis/?owner=none"
    response = Client().get(address("agencies", world.here), headers={"HX-Request": "true", "HX-Current-URL": shown})

    assert response.status_code == 401
    assert response["HX-Redirect"] == f"{LOGIN}?next=/plans/here/kpis/%3Fowner%3Dnone"
    assert response.content == b""


@pytest.mark.parametrize("shown", ["https://evil.example/plans/", "//evil.example", "javascript:alert(1)", ""])
def test_a_part_of_a_page_leads_back_to_no_other_site(shown: str) -> None:
    response = Client().get("/account/", headers={"HX-Request": "true", "HX-Current-URL": shown})

    assert response["HX-Redirect"] == f"{LOGIN}?next=/account/"


# --- Forms ----------------------------------------------------------------------------------------------------------


def test_a_form_that_was_sent_keeps_every_value(world: World) -> None:
    path = address("system_edit", world.here)
    agencies = [str(world.here.own.pk), str(world.here.other.pk)]
    typed = {"name": "Café “β”", "function": LINES, "vendor": "", "agencies": agencies, "version": "1"}

    response = post(path, typed)

    assert response.status_code == 401
    assert "no-store" in response["Cache-Control"]
    sent_again = kept(response)
    assert sent_again.pop("csrfmiddlewaretoken")
    assert sent_again == {name: value if isinstance(value, list) else [value] for name, value in typed.items()}


def test_what_is_kept_is_shown_as_text_and_never_as_markup(world: World) -> None:
    response = post(address("system_edit", world.here), {"name": MARKUP, MARKUP: "odd name"})

    page = response.content.decode()
    assert "<script>alert" not in page
    assert "<b id=" not in page
    assert kept(response)["name"] == [MARKUP]
    assert kept(response)[MARKUP] == ["odd name"]


def test_the_address_of_the_form_is_kept_with_its_query_and_as_text(world: World) -> None:
    path = address("provision_new", world.here) + "?service=1&amp=2"

    page = post(path + '&x="><script>', {"fte": "2"}).content.decode()

    assert f"{path}&x=%22%3E%3Cscript%3E" in Forms(page).found
    assert "<script>" not in page


def test_secrets_are_not_kept(world: World) -> None:
    secrets = {"password": "p-secret", "oldpassword": "o-secret", "password1": "n-secret", "credential": "c-secret"}

    page = post("/account/", {"name": "Ann", "csrfmiddlewaretoken": "t-secret", **secrets}).content.decode()

    assert 'value="Ann"' in page
    assert "-secret" not in page


@pytest.mark.parametrize(
    "name", ["account_change_password", "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn"]
)
def test_forms_of_nothing_but_secrets_are_not_kept(name: str) -> None:
    response = post(reverse(name), {"code": "123456", "oldpassword": "x", "name": "my key"})

    assert response.status_code == 302
    assert response["Location"] == f"{LOGIN}?next={reverse(name)}"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver@evil.example"},
        {"Origin": "null", "Referer": "http://testserver/plans/"},
        {"Referer": "https://evil.example/?http://testserver/"},
        {},
    ],
)
def test_words_of_another_site_come_into_no_form_of_ours(world: World, headers: dict[str, str]) -> None:
    path = address("system_edit", world.here)

    response = Client().post(path, {"name": "planted"}, headers=headers)

    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)


def test_a_browser_that_names_only_the_page_before_is_believed(world: World) -> None:
    headers = {"Referer": "http://testserver/plans/here/systems/"}
    response = Client().post(address("system_edit", world.here), {"name": "Payroll"}, headers=headers)

    assert kept(response)["name"] == ["Payroll"]


def test_a_form_sent_by_a_part_of_a_page_leaves_that_page_open(world: World) -> None:
    response = post(address("system_edit", world.here), {"name": "Payroll"}, **{"HX-Request": "true"})

    assert response.status_code == 401
    assert "HX-Redirect" not in response
    assert kept(response)["name"] == ["Payroll"]


# --- The whole way --------------------------------------------------------------------------------------------------


def test_after_signing_in_again_the_kept_form_saves_all_that_was_typed(world: World) -> None:
    system, path = world.here.system, address("system_edit", world.here)
    agencies = [str(world.here.own.pk), str(world.here.other.pk)]
    client = Client(enforce_csrf_checks=True, headers=OURS)
    sign_in(client, "office@here.example.gov")
    typed = {"name": MARKUP, "function": "Payroll", "agencies": agencies, "version": "1"}
    typed["csrfmiddlewaretoken"] = token(client, path)
    Session.objects.all().delete()

    ended = client.post(path, typed)
    sign_in(client, "office@here.example.gov")
    # Signing in renewed the protection code, so the page comes once more, and now its button saves.
    again = client.post(path, kept(ended))
    assert (ended.status_code, again.status_code) == (401, 403)
    assert "Your session has ended" in ended.content.decode()
    assert "Your session has ended" not in again.content.decode()
    assert LOGIN not in again.content.decode()
    saved = client.post(path, kept(again))

    assert saved.status_code == 302
    stored = System.objects.for_plan(world.here.plan).get(pk=system.pk)
    assert (stored.name, stored.function, stored.version) == (MARKUP, "Payroll", 2)
    assert {str(agency.pk) for agency in stored.agencies.all()} == set(agencies)


def test_a_kept_form_gives_its_sender_no_more_rights_than_they_have(world: World) -> None:
    path, typed = address("system_edit", world.here), {"name": "Taken over", "function": "x"}
    sent_again = kept(post(path, typed))

    assert world.client("viewer").post(path, sent_again).status_code == 403
    assert world.client("stranger").post(path, sent_again).status_code == 404
    assert System.objects.for_plan(world.here.plan).filter(name="Taken over").count() == 0


def test_a_stale_form_of_a_new_person_keeps_no_password_and_asks_nobody_to_sign_in(world: World) -> None:
    path = address("invitation", world.here)
    client = Client(enforce_csrf_checks=True, headers=OURS)

    response = client.post(path, {"name": "Ann", "password": "n-secret", "csrfmiddlewaretoken": "stale"})

    assert response.status_code == 403
    assert kept(response)["name"] == ["Ann"]
    assert "n-secret" not in response.content.decode()
    assert "Your session has ended" not in response.content.decode()


def test_a_stale_form_of_somebody_signed_out_asks_them_to_sign_in(world: World) -> None:
    client = Client(enforce_csrf_checks=True, headers=OURS)

    response = client.post(address("system_edit", world.here), {"name": "Payroll", "csrfmiddlewaretoken": "stale"})

    assert response.status_code == 403
    assert kept(response)["name"] == ["Payroll"]
    assert "Your session has ended" in response.content.decode()


def test_a_stale_form_from_elsewhere_is_refused_and_not_kept(world: World) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})

    response = client.post(address("system_edit", world.here), {"name": "planted"})

    assert response.status_code == 403
    assert "planted" not in response.content.decode()
