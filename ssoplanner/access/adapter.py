"""How sign-in (django-allauth, django-axes) fits our accounts: they come by invitation, never by signing up."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as of_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from axes.helpers import get_client_ip_address
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from requests import RequestException

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up. Guessing is counted by axes, per account and address together, and not here per account alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: the library's own limit would let anybody lock a colleague's account from anywhere."""

    def is_safe_url(self, url: str) -> bool:
        """Only this very host: the library would also send people on to any other name in ALLOWED_HOSTS."""
        own = {self.request.get_host()}
        return url_has_allowed_host_and_scheme(url, allowed_hosts=own, require_https=self.request.is_secure())

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From BASE_URL as every link in a mail: the request's own host is what a stranger wrote."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return str(settings.BASE_URL) + path

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Names us as BASE_URL does. A mail server that is down neither undoes nor shows what the mail was about."""
        us = {"name": "ssoplanner", "domain": settings.BASE_URL}
        try:
            super().send_mail(template_prefix, email, {"current_site": us, **context})
        except (SMTPException, OSError):
            log.exception("the mail %s could not be sent", template_prefix)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that axes counts, which knows the proxies of our own."""
        return get_client_ip_address(request) or "unknown"


class MFAAdapter(DefaultMFAAdapter):
    # One message stands for codes and keys alike; the library's own speaks of codes only.
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This was not accepted: the code is wrong or used already, or the key is none of yours.",
    }


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The department's identity provider signs in the people who have an account here, and adds none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: Any) -> Any:
        """By an address that the provider vouches for. Some say so in a text, and "false" would count as true."""
        for address in sociallogin.email_addresses:
            address.verified = address.verified in (True, "true")
        return super().authenticate_by_email(sociallogin)

    def on_authentication_error(self, request: HttpRequest, provider: Any, *_rest: Any, **problem: Any) -> None:
        """The page says only that it failed; the cause is for the administrator."""
        log.warning("sign-in by %s failed: %r", provider, problem.get("exception") or problem.get("error"))

    def get_requests_session(self) -> Any:
        """As the library's, but a provider that is down is said on a page, also where the library has none."""
        session = super().get_requests_session()
        plain = session.request

        def request(method: str, url: str, **options: Any) -> Any:
            try:
                response = plain(method, url, **options)
                if method == "GET":  # what is posted answers with its own reasons
                    response.raise_for_status()
            except RequestException as error:
                log.warning("the identity provider does not answer: %r", error)
                page = render(of_request.request, "socialaccount/authentication_error.html", status=503)
                raise ImmediateHttpResponse(page) from error
            return response

        session.request = request
        return session


def locked_out(request: HttpRequest, *_rest: Any) -> HttpResponse:
    """One page for all. The library's own answer to scripts would be open to scripts of any site."""
    return render(request, "account/locked.html", status=429)


def axes_username(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The address that was tried, as axes counts it: from the credentials, else from the sign-in form."""
    tried = (credentials or {}).get("email") or (request.POST.get("login", "") if request else "")
    return str(tried).strip().lower()
