"""What every browser test stands on: a server, Chromium, pages that watch themselves, quick sign-in, axe.

A browser test asks for `plan_world` (or makes its own rows), `new_page` and mostly `sign_in`:

    def test_a_lead_sees_the_agency(plan_world, new_page, sign_in, axe):
        page = new_page(width=390)
        sign_in(page, plan_world.here.people["lead"])
        page.goto(f"/plans/{plan_world.here.plan.slug}/agencies/")
        assert axe(page) == []

When it ends, every page that `new_page` opened fails it for a console error, an exception, a violation of the Content
Security Policy, a missing file, an answer of 500 or a request to another host.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from ssoplanner.core.models import User
from tests.world import BACKEND, PASSWORD, World, make_world

NewPage = Callable[..., Page]
SignIn = Callable[..., None]

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "Chromium")
FOLDERS = ("/usr/bin", "/Applications/Chromium.app/Contents/MacOS")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Whatever a page asks for elsewhere is not even looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
)
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) => console.error(
  `Content Security Policy: ${event.effectiveDirective} refused ${event.blockedURI} (line ${event.lineNumber})`))"""
# Chromium's own line for an answer of 400 and more; `note_response` judges those by what they are.
BAD_ANSWER = "Failed to load resource: the server responded with a status of"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run, the machine's own: found in PATH or where systems keep it."""
    path = next(filter(None, map(chromium_path, NAMES)), None)
    if path is None:
        pytest.fail("No Chromium was found: install it (on Debian and Ubuntu: apt install chromium).")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


def chromium_path(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(FOLDERS))


@pytest.fixture
def server(transactional_db: None, live_server: Any, settings: Any) -> str:
    """The address of the running application, as in http://localhost:40123; mails link to it too.

    The server is a thread of the test's own process: settings that a test changes hold for it, and rows that either
    side writes are seen by the other. After the test the database is emptied.
    """
    if finders.find("img/sprite.svg") is None:
        pytest.fail("Fonts and icons are not in place: run `make test TIER=browser`, which copies them.")
    cache.clear()
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def plan_world(transactional_db: None) -> World:
    """Two plans with a person in every role, as in tests/world.py, where the server sees them."""
    return make_world()


@pytest.fixture
def new_page(browser: Browser, server: str) -> Iterator[NewPage]:
    """A factory of pages: `new_page(width=1280, height=900, hosts=(), **options)`.

    Each call is a browser of its own (no cookies). `page.goto("/plans/here/")` works without the server's address.
    `hosts` names further hosts, as in "localhost:9000", that the page may ask; `options` go to Playwright's
    `new_context` (`color_scheme="dark"`, `java_script_enabled=False`, `reduced_motion="reduce"`, ...).
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(*, width: int = 1280, height: int = 900, hosts: tuple[str, ...] = (), **options: Any) -> Page:
        size: Any = {"width": width, "height": height}
        context = browser.new_context(base_url=server, viewport=size, **options)
        contexts.append(context)
        context.set_default_timeout(60_000)
        context.add_init_script(TELL_VIOLATIONS)
        watch(context, faults, {urlsplit(server).netloc, *hosts})
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def watch(context: BrowserContext, faults: list[str], hosts: set[str]) -> None:
    """Write down in `faults` whatever no page of ours may do."""
    context.on("console", partial(note_console, faults))
    context.on("weberror", lambda error: faults.append(f"exception: {error.error}"))
    context.on("request", partial(note_request, faults, hosts))
    context.on("response", partial(note_response, faults))


def note_console(faults: list[str], message: ConsoleMessage) -> None:
    if message.type == "error" and not message.text.startswith(BAD_ANSWER):
        faults.append(f"console: {message.text} ({message.location.get('url')})")


def note_request(faults: list[str], hosts: set[str], request: Request) -> None:
    parts = urlsplit(request.url)
    if parts.scheme not in ("data", "blob", "about") and parts.netloc not in hosts:
        faults.append(f"another host: {request.method} {request.url}")


def note_response(faults: list[str], response: Response) -> None:
    """Pages and their parts may refuse (404, 422); a style, script, picture or font that is missing may not."""
    least = 500 if response.request.resource_type in ("document", "xhr", "fetch") else 400
    if response.status >= least:
        faults.append(f"answer {response.status}: {response.url}")


@pytest.fixture
def sign_in(server: str) -> SignIn:
    """`sign_in(page, user)`: the page's browser gets a session made on the server, without any form.

    Pages that protect the account (second factors, password) ask for the password again, as they do after any sign-in.
    """

    def by_cookie(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user, backend=BACKEND)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server}])

    return by_cookie


@pytest.fixture
def sign_in_by_form(server: str) -> SignIn:
    """`sign_in_by_form(page, user, password=PASSWORD)`: as a person does it; ends on the list of plans."""

    def by_form(page: Page, user: User, password: str = PASSWORD) -> None:
        page.goto("/accounts/login/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{server}/")

    return by_form


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)`: the violations of WCAG 2.0 to 2.2, levels A and AA, a line per element; none is an empty list."""
    checker = Axe()

    def violations(page: Page) -> list[str]:
        # Left to itself axe also describes whatever is right, which takes as long again.
        options = {"runOnly": list(WCAG), "resultTypes": ["violations"]}
        found = checker.run(page, options=options).response["violations"]
        return [
            f"{rule['id']} ({rule['impact']}) {rule['help']}: {' '.join(map(str, node['target']))} {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations
