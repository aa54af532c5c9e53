"""What happens to a request whose session has ended: a page asks to sign in, a form keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ssoplanner.access.policy import Audience, policy

NOT_KEPT = ("csrfmiddlewaretoken", "password", "credential")
# The sign-in library's pages hold nothing but secrets: passwords, one-time codes, recovery codes.
SECRETS_ONLY = ("account_", "mfa_", "socialaccount_", "openid_connect_")


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here; for a form that was just sent, the page that keeps it."""
    if request.method == "POST" and worth_keeping(request):
        return keep_what_was_typed(request, status=401)
    login = redirect_to_login(_page(request))
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": login.url})
    return login


def keep_what_was_typed(request: HttpRequest, status: int) -> HttpResponse:
    """The posted values in a form that sends them again, once the person has signed in in another tab if they must."""
    context = {
        "fields": list(_typed(request)),
        # No page can hold a file for the person, so the form asks for it again, by the name that it had.
        "files": [(name, file.name) for name, files in request.FILES.lists() for file in files],
        "signed_out": not _may_send_at_once(request),
        "login_url": reverse("account_login"),
    }
    return render(request, "signed_out.html", context, status=status)


def worth_keeping(request: HttpRequest) -> bool:
    """Whether a page of ours sent this, so that no other site can put words into a form of ours; and not secrets."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    name = (request.resolver_match and request.resolver_match.view_name) or ""
    return urlsplit(origin).netloc == request.get_host() and not name.startswith(SECRETS_ONLY)


def _may_send_at_once(request: HttpRequest) -> bool:
    """Signed in meanwhile, or on a page that asks nobody to: a new person with an invitation has no account yet."""
    rule = policy().get((request.resolver_match and request.resolver_match.view_name) or "")
    return request.user.is_authenticated or (rule is not None and rule.audience is Audience.PUBLIC)


def _page(request: HttpRequest) -> str:
    """Where to come back to: the page that the person looks at, of which htmx may have asked for a part."""
    shown = request.headers.get("HX-Current-URL", "")
    if shown and url_has_allowed_host_and_scheme(shown, allowed_hosts={request.get_host()}):
        parts = urlsplit(shown)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.get_full_path()


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if not any(word in name for word in NOT_KEPT):
            for value in values:
                yield name, str(value)
