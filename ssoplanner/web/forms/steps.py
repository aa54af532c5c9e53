"""What people say of a step: who owns it and by when, what shows that it is done, comments."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models import Q

from ssoplanner.core.models import User, Versioned
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import create
from ssoplanner.steps.comments import add_comment
from ssoplanner.steps.models import Comment, Evidence, StepProgress, StepStatus
from ssoplanner.steps.progress import begin, latest_need, save_progress, today
from ssoplanner.web import formats
from ssoplanner.web.forms.fields import SeveralRows
from ssoplanner.web.forms.rows import RowForm, Section

FOLLOWS = "Follows the status; correct it where the status was changed on another day."


class StepForm(RowForm):
    layout = (
        Section("Who and in which state", "", ("owner", "status")),
        Section("Planned", "", ("planned_start", "due")),
        Section("What really happened", FOLLOWS, ("started", "completed")),
    )

    class Meta(RowForm.Meta):
        model = StepProgress
        fields = ("owner", "status", "planned_start", "due", "started", "completed")

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        """Members; who left is offered too, so that the form shows whom to replace."""
        mine = Q(memberships__plan=self.plan) | Q(pk=self.instance.owner_id)
        return User.objects.filter(mine).distinct().order_by("name", "email")

    def clean_due(self) -> Any:
        due = self.cleaned_data["due"]
        waits_for = latest_need(self.plan, self.instance.step) if due and "due" in self.changed_data else None
        if waits_for is not None and waits_for.due is not None and due < waits_for.due:
            day = formats.day(waits_for.due, self.plan)
            raise forms.ValidationError(
                f"This waits for {waits_for}, which is due on {day}. Choose that day or a later one."
            )
        return due

    def clean(self) -> None:
        super().clean()
        for name in ("started", "completed"):
            day = self.cleaned_data.get(name)
            if day is not None and day > today(self.plan):
                self.add_error(name, "This day is still to come. Give the day on which it happened.")
        complete = self.cleaned_data.get("status") == StepStatus.COMPLETE
        if not complete and "completed" in self.changed_data and self.cleaned_data.get("completed"):
            self.add_error("completed", "Only a complete step has such a day. Change the status too, or clear this.")

    def save_row(self) -> Versioned | None:
        return self.save_with(self._save)

    def _save(self, values: dict[str, Any]) -> Versioned:
        return save_progress(
            self.plan,
            self.instance.step,
            actor=self.actor,
            version=self.cleaned_data.get("version") or 0,
            values=values,
            seen=self._settled(),
        )


class EvidenceForm(RowForm):
    layout = (Section("What shows it", "", ("title", "link", "note")),)

    class Meta(RowForm.Meta):
        model = Evidence
        fields = ("title", "link", "note")
        help_texts: ClassVar[dict[str, str]] = {
            "link": "Where it can be read, if it stands on the web or on your intranet.",
            "note": "Seen by everybody in the plan but viewers.",
        }

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step

    def _create(self, values: dict[str, Any]) -> Versioned:
        with saving():
            progress = begin(self.plan, self.step, actor=self.actor)
            return create(Evidence, plan=self.plan, actor=self.actor, values={**values, "progress": progress})


class MemberChoices(SeveralRows):
    default_error_messages = {  # noqa: RUF012
        "invalid_choice": "Select a valid choice. Only members of the plan can be mentioned."
    }


class CommentForm(RowForm):
    layout = (Section("", "", ("text", "mentions")),)
    mentions = MemberChoices(
        queryset=User.objects.none(),
        required=False,
        label="Mention",
        help_text="Members of the plan. Hold Ctrl or Command to choose several.",
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )

    class Meta(RowForm.Meta):
        model = Comment
        fields = ("text", "mentions")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = "Plain text. Addresses that begin with http:// or https:// become links."

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        return User.objects.filter(memberships__plan=self.plan).distinct().order_by("name", "email")

    def _create(self, values: dict[str, Any]) -> Versioned:
        return add_comment(self.plan, self.instance.step, author=self.member.user, actor=self.actor, **values)
