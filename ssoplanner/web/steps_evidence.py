"""Evidence of a step as people read it. What stands in the files is not asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Action, AuditEvent, Plan
from ssoplanner.steps.models import Evidence
from ssoplanner.uploads.attachments import KINDS
from ssoplanner.web import formats


@dataclass(frozen=True)
class EvidenceLine:
    """A piece of evidence. `note`, `who`, `file_name` and `file_url` are empty for who does not talk about steps."""

    pk: int
    title: str
    link: str
    when: str
    about_file: str  # its kind and size, if there is one
    note: str = ""
    who: str = ""
    file_name: str = ""
    file_url: str = ""


def evidence_lines(member: Member, key: str, *, talks: bool) -> list[EvidenceLine]:
    """The evidence of one step, in the order in which it was added: two queries."""
    found = list(Evidence.objects.for_plan(member.plan).filter(progress__step=key))
    if not talks:
        return [_line(row, member.plan) for row in found]
    names = _added_by(member.plan, found)
    return [
        _line(row, member.plan, note=row.note, who=names.get(row.pk, ""), **_file(row, member.plan)) for row in found
    ]


def _line(row: Evidence, plan: Plan, **more: str) -> EvidenceLine:
    size = formats.file_size(row.file_size, plan)
    about_file = f"{KINDS[row.file_kind].label}, {size}" if row.file_kind else ""
    return EvidenceLine(row.pk, row.title, row.link, formats.moment(row.created_at, plan), about_file, **more)


def _file(row: Evidence, plan: Plan) -> dict[str, str]:
    if not row.file_kind:
        return {}
    url = reverse("step_evidence_file", kwargs={"slug": plan.slug, "evidence_id": row.pk})
    return {"file_name": row.file_name, "file_url": url}


def _added_by(plan: Plan, rows: Sequence[Evidence]) -> dict[int, str]:
    """By row: who added it, as the audit has it."""
    events = AuditEvent.objects.for_plan(plan).filter(
        model=Evidence._meta.model_name, action=Action.CREATE, row_id__in=[row.pk for row in rows]
    )
    return {event.row_id: str(event.user) for event in events.select_related("user") if event.user}
