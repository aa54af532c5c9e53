"""How sign-in (django-allauth, django-axes) fits our accounts: they come by invitation, never by signing up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up. Guessing is counted by axes, per account and address together, and not here per account alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: the library's own limit would let anybody lock a colleague's account from anywhere."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The department's identity provider signs in the people who have an account here, and adds none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


def axes_username(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The address that was tried, as axes counts it: from the credentials, else from the sign-in form."""
    tried = (credentials or {}).get("email") or (request.POST.get("login", "") if request else "")
    return str(tried).strip().lower()
