"""What the add, edit and remove pages of all registers do alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Plan, PlanRow, Source, User
from ssoplanner.recompute.usage import in_use
from ssoplanner.recompute.writer import Actor, CannotDelete, Conflict, delete
from ssoplanner.web.forms.rows import RowForm
from ssoplanner.web.history import row_history


class PlanRequest(HttpRequest):
    """A request to a page of a plan, as the policy middleware hands it to the view."""

    member: Member
    user: User


def form_page(
    request: PlanRequest, form: RowForm, *, done: str, template: str = "web/form.html", **page: Any
) -> HttpResponse:
    """Show the form; on a valid POST save the row and go to `done`. What was typed survives every refusal."""
    if request.method == "POST" and form.is_valid():
        row = form.save_row()
        if row is not None:
            messages.success(request, f"{row} is saved.")
            return redirect(done)
    stored = form.instance.pk is not None
    context = {
        "form": form,
        "cancel_url": done,
        "submit_label": "Save",
        "version": form.instance.version,
        "events": row_history(form.instance, request.member) if stored else [],
        **page,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


def delete_page(
    request: PlanRequest, row: PlanRow, *, done: str, back: str, remove: Callable[..., None] = delete
) -> HttpResponse:
    """Ask once, then remove the row. For a row that is in use the page says what uses it, and does not ask.

    `remove` is called as the writer's `delete` is, and may refuse with a ValidationError too.
    """
    reason = ""
    if request.method != "POST":
        reason = in_use(row)
    else:
        try:
            actor = Actor(user=request.user, source=Source.BROWSER)
            remove(row, actor=actor, version=sent_version(request, row))
        except CannotDelete as refusal:
            reason = str(refusal)
        except ValidationError as refusal:
            reason = " ".join(refusal.messages)
        except Conflict:
            row.refresh_from_db()
            reason = f"{row} was changed meanwhile. Look at it again before you remove it."
        else:
            messages.success(request, f"{row} is removed.")
            return redirect(done)
    context = {"row": row, "label": row._meta.verbose_name, "reason": reason, "back_url": back, "version": row.version}
    return render(
        request, "web/confirm_delete.html", context, status=409 if reason and request.method == "POST" else 200
    )


def sent_version(request: HttpRequest, row: PlanRow) -> int:
    """The version of the row that the page was drawn with, from a form that holds nothing else of it."""
    version = re.fullmatch(r"\d{1,9}", request.POST.get("version", ""))
    return int(version[0]) if version else row.version


def asks_for_part(request: HttpRequest) -> bool:
    """A link that htmx follows, or a page that it brings back, is a whole page."""
    said = request.headers
    whole = "HX-Boosted" in said or "HX-History-Restore-Request" in said
    return said.get("HX-Request") == "true" and not whole


def plan_crumb(plan: Plan, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page: (label, address), the plan's home first."""
    return [("Home", reverse("plan", kwargs={"slug": plan.slug})), *more]


def plan_url(member: Member, name: str, **kwargs: Any) -> str:
    """The address of a page of the member's plan."""
    return reverse(name, kwargs={"slug": member.plan.slug, **kwargs})
