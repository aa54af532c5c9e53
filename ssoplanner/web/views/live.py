"""Whether the figures of a page changed: 204 while they did not."""

from django.http import HttpRequest, HttpResponse

from ssoplanner.web.live import NoSuchQuestion, stamp_of


def changed(request: HttpRequest) -> HttpResponse:
    """204 while `have` is the stamp of the results that `token` names, else that stamp; 410 for a bad token.

    If only `STALE` was added to it, the page says so by itself and need not load anything yet.
    """
    try:
        now = stamp_of(request.GET.get("token", ""))
    except NoSuchQuestion:
        return HttpResponse(status=410, headers={"Cache-Control": "no-store"})
    headers = {"Cache-Control": "no-store"}
    if request.GET.get("have") == now:
        return HttpResponse(status=204, headers=headers)
    return HttpResponse(now, content_type="text/plain", headers=headers)
