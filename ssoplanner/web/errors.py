"""What people read when something is refused. No page shows a stack trace."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ssoplanner.access.signed_out import keep_what_was_typed, worth_keeping


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection code is stale, mostly after signing in again in another tab: keep what was typed."""
    if request.method == "POST" and worth_keeping(request):
        return keep_what_was_typed(request, status=403)
    return render(request, "csrf.html", status=403)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)
