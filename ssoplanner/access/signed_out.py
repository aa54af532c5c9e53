"""What happens to a request whose session has ended: a page asks to sign in, a form keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

NOT_KEPT = ("csrfmiddlewaretoken", "password", "credential", "code")
MOST_FIELDS = 500


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here; for a form that was just sent, the page that keeps it."""
    if request.method == "POST" and came_from_here(request):
        return keep_what_was_typed(request, status=401)
    login = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": login.url})
    return login


def keep_what_was_typed(request: HttpRequest, status: int) -> HttpResponse:
    """The posted values in a form that sends them again, once the person has signed in in another tab."""
    context = {"fields": list(_typed(request))[:MOST_FIELDS], "login_url": reverse("account_login")}
    return render(request, "signed_out.html", context, status=status)


def came_from_here(request: HttpRequest) -> bool:
    """Whether a page of ours sent this, so that no other site can put words into a form of ours."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(origin).netloc == request.get_host()


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if not any(word in name for word in NOT_KEPT):
            for value in values:
                yield name, str(value)
