"""Evidence of a step and its file, which are stored and removed together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from ssoplanner.core.models import Plan
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, create, update
from ssoplanner.steps.models import Evidence, EvidenceFile, StepProgress
from ssoplanner.steps.progress import begin
from ssoplanner.uploads.attachments import Attachment

MOST_FILES = 30  # of one step
TOO_MANY = (
    f"This step has {MOST_FILES} files already. Remove one that is not needed any more, or put several into one file."
)


def add_evidence(
    plan: Plan, key: str, *, actor: Actor, values: Mapping[str, Any], attachment: Attachment | None = None
) -> Evidence:
    """Store a piece of evidence of the step `key`, with its file if it has one, which must have passed the gate.

    Raises ValidationError with one sentence a field; `file` is one of them.
    """
    with saving():
        progress = begin(plan, key, actor=actor)
        if attachment is None:
            return create(Evidence, plan=plan, actor=actor, values={**values, "progress": progress})
        _check_room(progress, actor)
        row = create(Evidence, plan=plan, actor=actor, values={**values, "progress": progress, **_about(attachment)})
        EvidenceFile.objects.create(evidence=row, content=attachment.content)
        return row


def _check_room(progress: StepProgress, actor: Actor) -> None:
    # Locked by an update that changes nothing: two who add the last one at once are counted one after the other.
    update(progress, actor=actor, version=progress.version, values={})
    if Evidence.objects.for_plan(progress.plan).filter(progress=progress, file_size__gt=0).count() >= MOST_FILES:
        raise ValidationError({"file": TOO_MANY})


def _about(attachment: Attachment) -> dict[str, Any]:
    return {
        "file_name": attachment.name,
        "file_kind": attachment.kind,
        "file_size": len(attachment.content),
        "file_sha256": attachment.sha256,
    }
