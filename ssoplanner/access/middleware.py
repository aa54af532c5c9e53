"""Every request is looked at before its view runs: whether it is text, and what the policy table says.

What the table does not list stays shut.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control

from ssoplanner.access.gate import plan_for
from ssoplanner.access.policy import Audience, Rule, policy
from ssoplanner.access.signed_out import sign_in_first
from ssoplanner.core.text import is_text

log = logging.getLogger(__name__)
SAFE = {"GET", "HEAD", "OPTIONS"}


class TextMiddleware:
    """An address or a session cookie that holds what is no text answers 400, before the database is asked with it.

    Posted forms are not looked at here: their fields refuse it, each with its sentence.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Ours are pages in UTF-8. Whoever claims another one could spell with it what UTF-8 cannot.
        request.encoding = "utf-8"
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        asked = [text for name, values in request.GET.lists() for text in (name, *values)]
        if not all(map(is_text, (request.path_info, session, *asked))):
            raise BadRequest("a character that is none")
        return self.get_response(request)


class PolicyMiddleware:
    """Sets `request.member` on pages of a plan, and forbids storing whatever is not public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        rule = _rule(request)
        if "no-store" in response.get("Cache-Control", ""):
            return response  # it said so itself, and who is signed in need not be looked up
        if rule is None or rule.audience is not Audience.PUBLIC or request.user.is_authenticated:
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        rule = _rule(request)
        if rule is None:
            log.error("no policy for the URL %s", request.resolver_match and request.resolver_match.view_name)
            raise PermissionDenied("This address is not open to anybody.")
        if rule.audience is Audience.PUBLIC:
            return None
        if rule.audience is Audience.NOBODY:
            raise Http404(rule.reason)
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if rule.audience is Audience.MEMBERS:
            roles = rule.read if request.method in SAFE else rule.write
            request.member = plan_for(request.user, kwargs["slug"], *roles)  # type: ignore[attr-defined]
            if not roles:
                raise PermissionDenied("Nothing can be changed at this address.")
        return None


def _rule(request: HttpRequest) -> Rule | None:
    match = request.resolver_match
    return policy().get(match.view_name) if match else None
