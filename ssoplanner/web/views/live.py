"""Whether the figures of a page changed: 204 while they did not."""

from django.http import HttpRequest, HttpResponse

from ssoplanner.web.live import NoSuchQuestion, stamp_of


def changed(request: HttpRequest) -> HttpResponse:
    """204 while `have` is the stamp of the results that `token` names, 200 once it is not, 410 for a bad token."""
    try:
        now = stamp_of(request.GET.get("token", ""))
    except NoSuchQuestion:
        return HttpResponse(status=410, headers={"Cache-Control": "no-store"})
    status = 204 if request.GET.get("have") == now else 200
    return HttpResponse(status=status, headers={"Cache-Control": "no-store"})
