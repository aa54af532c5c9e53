"""What the browser is told with every answer: what may run, who may frame, what may be kept, which cookies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.cookies import Morsel
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from ssoplanner.access.policy import Audience, policy
from tests.access.urls import address
from tests.web.page_source import inline_code
from tests.world import PASSWORD, World

LOGIN = "/accounts/login/"
ALWAYS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A directive with the only sources that it may name.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
FILE = {"default-src": "'none'", "sandbox": ""}  # what somebody uploaded: nothing in it may do anything
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def directives(response: Any) -> dict[str, str]:
    """The Content Security Policy of an answer, by directive."""
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts}


def gaps(response: Any, name: str = "") -> list[str]:
    """What an answer lacks of all that every answer must have, and the file of the URL `name` too."""
    lacking = [name for name, value in ALWAYS.items() if response.get(name) != value]
    own = FILE if name == "step_evidence_file" and response.status_code == 200 else POLICY
    if directives(response) != own:
        lacking.append(response["Content-Security-Policy"])
    if "unsafe" in str(response.headers).lower():
        lacking.append("unsafe")
    if response.get("Content-Type", "").startswith("text/html"):
        lacking += inline_code(response.content.decode())
    return lacking


def is_stored_nowhere(response: Any) -> bool:
    return "no-store" in {part.strip() for part in response.get("Cache-Control", "").split(",")}


def answers(world: World, *actors: str) -> Iterator[tuple[str, str, Any]]:
    """(actor, URL name, answer) for every URL of the policy table."""
    for actor in actors:
        client = world.client(actor)
        for name in policy():
            yield actor, name, client.get(address(name, world.here))


# --- Every page -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_answer_says_what_may_run_and_who_may_frame(world: World) -> None:
    walked = [(actor, name, gaps(response, name)) for actor, name, response in answers(world, "anonymous", "office")]

    assert [line for line in walked if line[2]] == []
    assert len(walked) == 2 * len(policy()) > 140


@pytest.mark.django_db
def test_what_is_not_public_is_stored_nowhere(world: World) -> None:
    kept = [
        (actor, name)
        for actor, name, response in answers(world, "anonymous", "viewer")
        if not is_stored_nowhere(response)
    ]

    # Whoever is signed in sees their name on public pages too, so those are kept for nobody but strangers.
    assert {actor for actor, _ in kept} == {"anonymous"}
    assert {policy()[name].audience for _, name in kept} == {Audience.PUBLIC}


@pytest.mark.django_db
def test_errors_and_refusals_say_it_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any) -> Any:
        raise ArithmeticError

    client = world.client("office")
    client.raise_request_exception = False
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    by_status = {
        400: client.get("/", headers={"host": "evil.example"}),
        401: strict.get("/account/", headers={"HX-Request": "true"}),
        403: strict.post(reverse("plans"), {"name": "x"}),
        404: client.get("/nowhere/"),
    }
    monkeypatch.setattr("ssoplanner.access.middleware.plan_for", broken)
    by_status[500] = client.get("/plans/here/")

    assert {status: response.status_code for status, response in by_status.items()} == {s: s for s in by_status}
    assert {status: gaps(response) for status, response in by_status.items()} == {s: [] for s in by_status}
    assert [status for status in by_status if not is_stored_nowhere(by_status[status])] == [400]


@pytest.mark.django_db
def test_files_are_served_as_what_they_are(client: Client) -> None:
    page = client.get(LOGIN).content.decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))

    assert {Path(path).suffix for path in files} >= {".css", ".js", ".svg"}
    for path in files:
        response = client.get(path)
        response.close()
        assert (response.status_code, response["X-Content-Type-Options"]) == (200, "nosniff"), path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_no_template_has_a_script_style_or_handler_of_its_own(path: Path) -> None:
    assert inline_code(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{# <p style='a'> #}{% comment %}{% endcomment %}", []),
        ('<p class="{% if a %}b{% endif %}" {% if c %}hidden{% endif %}>', []),
        ('<p style="{{ colour }}">', ["p: style"]),
        ("<style>p {}</style>", ["style: inline"]),
        ('{% if a %}<button ONCLICK="go()">{% endif %}', ["button: onclick"]),
        ('<a href="{{ x }}">', []),
        ('<a href=" java\nscript:go()">', ["a: href"]),
        ('<div hx-on:click="go()">', ["div: hx-on:click"]),
        ('<script src="a.js"></script><script type="application/json">{}</script>', []),
        ('<script>go("<p style>")</script>', ["script: inline"]),
        ('<script type="module">go()</script>', ["script: inline"]),
    ],
)
def test_inline_code_is_found(source: str, found: list[str]) -> None:
    assert inline_code(source) == found


# --- Cookies --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_cookies_are_closed_to_scripts_and_to_other_sites(world: World) -> None:
    client = Client()
    client.get(LOGIN)
    client.post(LOGIN, {"login": "office@here.example.gov", "password": PASSWORD})
    client.post("/account/", {"name": "Olive Office", "form": "name"})

    # Over plain http a cookie that is Secure, or has a name that asks for it, would never come back.
    assert {name: attributes(cookie) for name, cookie in client.cookies.items()} == {
        name: {"httponly": True, "samesite": "Lax", "path": "/"} for name in ("csrftoken", "sessionid", "messages")
    }


def attributes(cookie: Morsel[str]) -> dict[str, Any]:
    """What a cookie is marked with, apart from when it ends."""
    return {name: value for name, value in cookie.items() if value and name not in {"expires", "max-age"}}


@pytest.mark.django_db
def test_a_machine_without_https_is_not_promised_any(world: World) -> None:
    response = world.client("office").get("/account/")

    assert response.status_code == 200
    assert "Strict-Transport-Security" not in response
    assert settings.SECURE_SSL_REDIRECT is False
    assert "upgrade-insecure-requests" not in directives(response)


# --- What anybody may ask -------------------------------------------------------------------------------------------


def test_security_txt_is_as_rfc_9116_wants_it(client: Client) -> None:
    response = client.get("/.well-known/security.txt")
    fields = [line.split(": ", 1) for line in response.content.decode("utf-8").splitlines()]
    by_name = dict(fields)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert len(by_name) == len(fields)
    assert re.fullmatch(r"(mailto:|https://|tel:)\S+", by_name["Contact"])
    assert by_name["Canonical"] == f"{settings.BASE_URL}/.well-known/security.txt"
    assert by_name["Preferred-Languages"] == "en"
    left = datetime.strptime(by_name["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(days=300) < left < timedelta(days=365)


def test_no_robot_is_invited(client: Client) -> None:
    response = client.get("/robots.txt")

    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().split("\n") == ["User-agent: *", "Disallow: /", ""]
