"""Signing in with the department's own accounts, against a provider on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from ssoplanner.access.adapter import SocialAccountAdapter
from ssoplanner.core.models import User
from tests.access.oidc_provider import Provider, made_settings, running_provider
from tests.world import World

LOGIN = "/accounts/oidc/department/login/"
CALLBACK = "/accounts/oidc/department/login/callback/"
LEAD = "lead@here.example.gov"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """The provider, and the settings that OIDC_SERVER_URL and its like would make."""
    with running_provider() as running:
        made = made_settings(OIDC_SERVER_URL=running.url, OIDC_NAME="Example ID")
        settings.SOCIALACCOUNT_PROVIDERS = made["SOCIALACCOUNT_PROVIDERS"]
        settings.CONTENT_SECURITY_POLICY = made["CONTENT_SECURITY_POLICY"]
        running.claims = {"sub": "person-1", "email": LEAD, "email_verified": True, "name": "Lee Lead"}
        yield running


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        return None


def to_provider(client: Client, path: str = LOGIN) -> str:
    """Press the button; the address at the provider."""
    response = client.post(path)
    assert response.status_code == 302
    return str(response["Location"])


def back_from(address: str) -> str:
    """What the provider answers a browser: the address back at our callback."""
    opener = build_opener(Stay)
    opener.addheaders = []
    try:
        opener.open(address, timeout=5).close()
    except OSError as redirect:
        location = str(redirect.headers["Location"])  # type: ignore[attr-defined]
        redirect.close()  # type: ignore[attr-defined]
        return location
    raise AssertionError("the provider did not send anybody back")


def sign_in(client: Client) -> Any:
    """The whole way to the provider and back; the answer of the callback."""
    return client.get(back_from(to_provider(client)))


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_person_with_an_account_lands_on_their_plans(world: World, provider: Provider, client: Client) -> None:
    response = sign_in(client)

    assert response.status_code == 302
    assert response["Location"] == "/"
    assert "Plan here" in client.get("/").content.decode()
    assert client.session["_auth_user_id"] == str(world.here.people["lead"].pk)


def test_they_come_back_to_the_page_that_they_asked_for(world: World, provider: Provider, client: Client) -> None:
    button = f"{LOGIN}?process=login&next=/plans/here/agencies/"
    assert button.replace("&", "&amp;").replace("/plans/here/agencies/", "%2Fplans%2Fhere%2Fagencies%2F") in (
        client.get("/accounts/login/?next=/plans/here/agencies/").content.decode()
    )

    response = client.get(back_from(to_provider(client, button)))

    assert response["Location"] == "/plans/here/agencies/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_the_way_back_leads_to_no_other_host(world: World, provider: Provider, client: Client, elsewhere: str) -> None:
    response = client.get(back_from(to_provider(client, f"{LOGIN}?{urlencode({'next': elsewhere})}")))
    assert response["Location"] == "/"


def test_the_address_counts_in_any_letter_case(world: World, provider: Provider, client: Client) -> None:
    provider.claims["email"] = "Lead@Here.Example.GOV"
    sign_in(client)
    assert is_in(client)


def test_the_password_still_works_afterwards(world: World, provider: Provider, client: Client) -> None:
    sign_in(client)
    assert User.objects.get(email=LEAD).check_password("correct horse battery")


def test_once_known_a_person_stays_known_when_their_address_changes(
    world: World, provider: Provider, client: Client
) -> None:
    sign_in(client)
    provider.claims["email"] = "married@here.example.gov"
    again = Client()
    sign_in(again)
    assert again.session["_auth_user_id"] == str(world.here.people["lead"].pk)


def test_the_session_key_changes_at_sign_in(world: World, provider: Provider, client: Client) -> None:
    back = back_from(to_provider(client))
    before = client.session.session_key
    client.get(back)
    assert client.session.session_key != before


# --- Who does not get in --------------------------------------------------------------------------------------------


def test_an_address_without_an_account_is_refused_and_gets_none(
    world: World, provider: Provider, client: Client
) -> None:
    accounts = User.objects.count()
    provider.claims["email"] = "somebody@example.gov"

    response = sign_in(client)

    assert "there is no account here for this address" in response.content.decode()
    assert not is_in(client)
    assert User.objects.count() == accounts
    assert not SocialAccount.objects.exists()
    assert client.get("/accounts/3rdparty/signup/").status_code == 404


@pytest.mark.parametrize("verified", [False, None, "false", "False", "", 0, "no"])
def test_an_address_that_the_provider_does_not_vouch_for_opens_no_account(
    world: World, provider: Provider, client: Client, verified: Any
) -> None:
    provider.claims["email_verified"] = verified
    sign_in(client)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_an_address_without_a_word_on_it_opens_no_account(world: World, provider: Provider, client: Client) -> None:
    del provider.claims["email_verified"]
    sign_in(client)
    assert not is_in(client)


def test_a_closed_account_stays_closed(world: World, provider: Provider, client: Client) -> None:
    User.objects.filter(email=LEAD).update(is_active=False)
    sign_in(client)
    assert not is_in(client)


def test_the_second_factor_is_asked_for_here_too(world: World, provider: Provider, client: Client) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(world.here.people["lead"], generate_totp_secret())
    assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)


# --- Forged ways back -----------------------------------------------------------------------------------------------


def test_the_request_to_the_provider_carries_state_and_pkce(world: World, provider: Provider, client: Client) -> None:
    asked = parse_qs(urlsplit(to_provider(client)).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert len(asked["state"][0]) >= 16
    assert asked["redirect_uri"] == [f"http://testserver{CALLBACK}"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}


def test_the_way_back_into_another_browser_is_refused(world: World, provider: Provider, client: Client) -> None:
    back = back_from(to_provider(client))
    victim = Client()

    response = victim.get(back)

    assert "Sign-in failed" in response.content.decode()
    assert not is_in(victim)


def test_a_made_up_state_is_refused(world: World, provider: Provider, client: Client) -> None:
    back = urlsplit(back_from(to_provider(client)))
    code = parse_qs(back.query)["code"][0]

    for query in ({"code": code, "state": "made-up"}, {"code": code}):
        assert "Sign-in failed" in client.get(f"{CALLBACK}?{urlencode(query)}").content.decode()
    assert not is_in(client)


def test_a_way_back_works_once(world: World, provider: Provider, client: Client) -> None:
    back = back_from(to_provider(client))
    assert client.get(back)["Location"] == "/"
    client.post("/accounts/logout/")

    assert "Sign-in failed" in client.get(back).content.decode()
    assert not is_in(client)


def test_a_code_of_somebody_else_does_not_fit_the_verifier(world: World, provider: Provider, client: Client) -> None:
    stolen = parse_qs(urlsplit(back_from(to_provider(Client()))).query)["code"][0]
    own = parse_qs(urlsplit(back_from(to_provider(client))).query)["state"][0]

    response = client.get(f"{CALLBACK}?{urlencode({'code': stolen, 'state': own})}")

    assert provider.refused == ["pkce"]
    assert "Sign-in failed" in response.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    ("claim", "value"), [("aud", "somebody-else"), ("iss", "https://evil.example"), ("exp", 1_000_000_000)]
)
def test_a_token_for_somebody_else_or_of_yesterday_is_refused(
    world: World, provider: Provider, client: Client, claim: str, value: Any
) -> None:
    provider.claims[claim] = value
    assert "Sign-in failed" in sign_in(client).content.decode()
    assert not is_in(client)


def test_a_provider_that_refuses_is_said_on_a_page(world: World, provider: Provider, client: Client) -> None:
    back = back_from(to_provider(client))
    provider.codes.clear()
    assert "Sign-in failed" in client.get(back).content.decode()


def test_cancelling_at_the_provider_is_no_error(world: World, provider: Provider, client: Client) -> None:
    state = parse_qs(urlsplit(to_provider(client)).query)["state"][0]
    response = client.get(f"{CALLBACK}?{urlencode({'error': 'access_denied', 'state': state})}", follow=True)
    assert "Sign-in cancelled" in response.content.decode()


def test_a_link_alone_starts_no_sign_in(world: World, provider: Provider, client: Client) -> None:
    response = client.get(LOGIN)
    assert response.status_code == 200
    assert provider.asked == []
    assert Client(enforce_csrf_checks=True).post(LOGIN).status_code == 403


# --- Configuration --------------------------------------------------------------------------------------------------


def test_the_sign_in_page_shows_the_button_only_when_configured(db: None, client: Client) -> None:
    assert LOGIN not in client.get("/accounts/login/").content.decode()
    assert client.get(LOGIN).status_code == 404


def test_the_button_bears_the_name_of_the_configuration(db: None, provider: Provider, client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "Sign in with Example ID" in page
    assert LOGIN in page


def test_the_policy_lets_the_form_reach_the_provider(db: None, provider: Provider, client: Client) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert f"form-action 'self' {provider.url};" in f"{policy};"


def test_the_policy_names_further_hosts_that_the_provider_passes_people_on_to() -> None:
    made = made_settings(OIDC_SERVER_URL="https://id.example.gov/realms/a", OIDC_ORIGINS="https://login.example.gov")
    assert made["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == [
        "'self'",
        "https://id.example.gov",
        "https://login.example.gov",
    ]


def test_without_a_provider_forms_go_nowhere_else() -> None:
    made = made_settings(OIDC_SERVER_URL="")
    assert made["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == ["'self'"]
    assert made["SOCIALACCOUNT_PROVIDERS"] == {}


def test_the_adapter_opens_no_accounts() -> None:
    assert SocialAccountAdapter().is_open_for_signup(None, None) is False  # type: ignore[arg-type]
