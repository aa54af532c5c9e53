"""The tree of capabilities: read by everybody, changed by the program office and analysts, by hand or from a file."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assess.capability_import import CannotImport, bring_in, preview, sealed, unsealed
from assess.capability_import_files import LIMITS, Content, read_capabilities
from assess.capability_tree import CannotMove, move
from assess.forms_capabilities import CapabilityFileForm, CapabilityForm
from assess.models import Capability
from assess.pages_capabilities import capability_page, tree_page
from assess.starter_capabilities import take_starter_capabilities
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Source
from ssoplanner.recompute.writer import Actor, Conflict
from ssoplanner.uploads.refusal import UploadRefused
from ssoplanner.web import formats
from ssoplanner.web.views.rows import PlanRequest, asks_for_part, delete_page, form_page, plan_crumb, plan_url

CHANGED_MEANWHILE = "The tree was changed meanwhile. Look at it again, then move it."


def crumbs(member: Member, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return plan_crumb(member.plan, ("Architecture", plan_url(member, "architecture")), *more)


def capabilities(request: PlanRequest, slug: str) -> HttpResponse:
    """The tree. A button moves one capability; one begins an empty tree with the starter set."""
    member, moved, said = request.member, None, ""
    if request.method == "POST":
        if "starter" in request.POST:
            return _begin(request)
        moved, said = _move(request)
        if not asks_for_part(request):
            (messages.error if moved is None else messages.success)(request, said)
            return redirect(f"{plan_url(member, 'capabilities')}{f'#c{moved}' if moved else ''}")
    context = tree_page(member, request.GET, moved) | {"crumbs": crumbs(member), "said": said}
    part = asks_for_part(request)
    return render(request, "assess/_capability_tree.html" if part else "assess/capabilities_tree.html", context)


def _begin(request: PlanRequest) -> HttpResponse:
    count = take_starter_capabilities(request.member.plan, _actor(request))
    added = formats.counted(count, "capability is", "capabilities are", request.member.plan)
    if count:
        messages.success(request, f"{added[0].upper()}{added[1:]} added. Change what is different here.")
    else:
        messages.info(request, "The tree has capabilities already, so nothing was added.")
    return redirect(plan_url(request.member, "capabilities"))


def _move(request: PlanRequest) -> tuple[int | None, str]:
    """Which capability was moved, if one was, and what is said of it. As `12:up`, or `12:before:34`."""
    asked = re.fullmatch(r"(\d{1,9}):([a-z]{1,9})(?::(\d{1,9}))?", request.POST.get("move", ""))
    if asked is None:
        return None, "Nothing was moved. Use one of the buttons of a capability."
    target = int(asked[3]) if asked[3] else None
    try:
        row = move(request.member.plan, _actor(request), int(asked[1]), asked[2], target)
    except Capability.DoesNotExist:
        raise Http404("No such capability.") from None
    except CannotMove as refusal:
        return None, str(refusal)
    except Conflict:
        return None, CHANGED_MEANWHILE
    return row.pk, f"{row} is moved."


def _actor(request: PlanRequest) -> Actor:
    return Actor(user=request.user, source=Source.BROWSER)


def capability(request: PlanRequest, slug: str, capability_id: int) -> HttpResponse:
    """One capability: what it is, what agencies say of it, what people concluded."""
    member = request.member
    rows = Capability.objects.for_plan(member.plan).select_related("parent__parent")
    row = get_object_or_404(rows, pk=capability_id)
    tree_crumb = ("Capabilities", plan_url(member, "capabilities"))
    context = capability_page(member, row) | {"crumbs": crumbs(member, tree_crumb)}
    return render(request, "assess/capability.html", context)


def capability_new(request: PlanRequest, slug: str) -> HttpResponse:
    """Add a capability, below the one that the address names."""
    member, page = request.member, plan_url(request.member, "capabilities")
    below = request.GET.get("parent", "")
    parent = int(below) if below.isascii() and below.isdigit() and len(below) < 10 else None
    initial = {"parent": parent} if parent else {}
    return form_page(
        request,
        CapabilityForm(request.POST or None, member=member, initial=initial),
        done=page,
        title="Add a capability",
        intro="Something that agencies are able to do.",
        crumbs=crumbs(member, ("Capabilities", page)),
    )


def capability_edit(request: PlanRequest, slug: str, capability_id: int) -> HttpResponse:
    """Change a capability."""
    member, page = request.member, plan_url(request.member, "capabilities")
    row = get_object_or_404(Capability.objects.for_plan(member.plan), pk=capability_id)
    return form_page(
        request,
        CapabilityForm(request.POST or None, instance=row, member=member),
        done=f"{page}#c{row.pk}",
        title=f"Change {row}",
        intro="",
        delete_url=plan_url(member, "capability_delete", capability_id=row.pk),
        crumbs=crumbs(member, ("Capabilities", page)),
    )


def capability_delete(request: PlanRequest, slug: str, capability_id: int) -> HttpResponse:
    """Remove a capability that has none below it and that nobody has rated."""
    member = request.member
    row = get_object_or_404(Capability.objects.for_plan(member.plan), pk=capability_id)
    back = plan_url(member, "capability_edit", capability_id=row.pk)
    return delete_page(request, row, done=plan_url(member, "capabilities"), back=back)


# --- From a file ----------------------------------------------------------------------------------------------------


def capability_import(request: PlanRequest, slug: str) -> HttpResponse:
    """Upload a file, see what would become of it, then bring it in. Nothing is kept between the two but on the page."""
    member = request.member
    if "content" in request.POST:
        return _apply(request)
    form = CapabilityFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            content = read_capabilities(file.file, file.name)
            return _preview(request, content, sealed(member.plan, content))
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
    return _upload_page(request, form)


def _upload_page(request: PlanRequest, form: CapabilityFileForm) -> HttpResponse:
    page = plan_url(request.member, "capabilities")
    context = {
        "form": form,
        "cancel_url": page,
        "limits": LIMITS,
        "crumbs": crumbs(request.member, ("Capabilities", page)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "assess/capability_import.html", context, status=status)


def _preview(request: PlanRequest, content: Content, text: str) -> HttpResponse:
    member = request.member
    page, upload = plan_url(member, "capabilities"), plan_url(member, "capability_import")
    context: dict[str, Any] = {
        "found": preview(member.plan, content),
        "content": text,
        "upload_url": upload,
        "crumbs": crumbs(member, ("Capabilities", page), ("Import", upload)),
    }
    return render(request, "assess/capability_preview.html", context)


def _apply(request: PlanRequest) -> HttpResponse:
    member = request.member
    try:
        done = bring_in(member.plan, _actor(request), unsealed(member.plan, request.POST["content"]))
    except (CannotImport, Conflict) as refusal:
        said = CHANGED_MEANWHILE if isinstance(refusal, Conflict) else str(refusal)
        messages.error(request, said)
        return redirect(plan_url(member, "capability_import"))
    counts = [formats.number(len(rows), member.plan) for rows in (done.added, done.changed, done.problems)]
    messages.success(request, f"{counts[0]} added, {counts[1]} changed, {counts[2]} left out, from {done.title}.")
    return redirect(plan_url(member, "capabilities"))
