"""The way to the department's identity provider and back, under the real Content Security Policy."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.access.oidc_provider import made_settings, running_provider
from tests.browser.conftest import NewPage
from tests.world import World


def test_a_person_signs_in_with_the_departments_account(
    plan_world: World, server: str, settings: Any, new_page: NewPage
) -> None:
    with running_provider() as provider:
        for name, value in made_settings(OIDC_SERVER_URL=provider.url, OIDC_NAME="Example ID").items():
            setattr(settings, name, value)
        user = plan_world.here.people["board"]
        provider.claims = {"sub": "person-1", "email": user.email, "email_verified": True}
        page = new_page(hosts=(urlsplit(provider.url).netloc,))

        page.goto("/plans/here/agencies/")
        page.get_by_role("link", name="Sign in with Example ID").click()
        page.get_by_role("button", name="Continue").click()

        page.wait_for_url(f"{server}/plans/here/agencies/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Agencies")
