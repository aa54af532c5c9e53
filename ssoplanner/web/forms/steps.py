"""What people say of a step: who owns it and by when, what shows that it is done, comments."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models import Q

from ssoplanner.core.models import Membership, Role, User, Versioned
from ssoplanner.steps.comments import add_comment, readers_of_comments, unknown_names
from ssoplanner.steps.evidence import add_evidence
from ssoplanner.steps.models import Comment, Evidence, StepProgress, StepStatus
from ssoplanner.steps.progress import latest_need, save_progress, today
from ssoplanner.uploads.attachments import ALLOWED, ENDINGS, MAX_ATTACHMENT_BYTES, Attachment, check_attachment
from ssoplanner.uploads.limits import MIB
from ssoplanner.uploads.refusal import UploadRefused
from ssoplanner.web import formats
from ssoplanner.web.forms.fields import SeveralRows
from ssoplanner.web.forms.rows import RowForm, Section

FOLLOWS = "Follows the status; correct it where the status was changed on another day."
NO_FILE_CAME = "No file came. Choose it again."


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
    """A title with a link, a file, both or neither. A file that came with words that are refused is asked for again."""

    layout = (Section("What shows it", "", ("title", "link", "file", "note")),)
    bookkeeping = RowForm.bookkeeping | {"file"}
    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,  # the gate has a better sentence
        help_text=f"{ALLOWED}; at most {MAX_ATTACHMENT_BYTES // MIB} MB. Read by everybody in the plan but viewers.",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
        error_messages={"invalid": NO_FILE_CAME},
    )

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

    def clean_file(self) -> Attachment | None:
        file = self.cleaned_data["file"]
        try:
            return check_attachment(file, file.name) if file else None
        except UploadRefused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def full_clean(self) -> None:
        super().full_clean()
        self._ask_for_the_file_again()

    def save_row(self) -> Versioned | None:
        saved = super().save_row()
        if saved is None:
            self._ask_for_the_file_again()
        return saved

    def _ask_for_the_file_again(self) -> None:
        if self.errors and "file" not in self.errors and (file := self.files.get("file")):
            self.add_error("file", f"Choose the file {file.name} once more: a page cannot keep it.")

    def _create(self, values: dict[str, Any]) -> Versioned:
        attachment = self.cleaned_data["file"]
        return add_evidence(self.plan, self.step, actor=self.actor, values=values, attachment=attachment)


class MemberBoxes(forms.CheckboxSelectMultiple):
    """A box for each person; static/js/mention.js finds the name beside it, apart from the role."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-name"] = str(value.instance)
        return option


class MemberChoices(SeveralRows):
    """Members who read comments, by name and role."""

    widget = MemberBoxes
    default_error_messages = {  # noqa: RUF012
        "invalid_choice": "Select a valid choice. Only members of the plan can be mentioned."
    }

    def label_from_instance(self, person: Any) -> str:
        roles = ", ".join(membership.get_role_display().lower() for membership in person.held_here)
        return f"{person}, {roles}"


class CommentForm(RowForm):
    layout = (Section("", "", ("text", "mentions")),)
    mentions = MemberChoices(queryset=User.objects.none(), required=False, label="Who is mentioned")

    class Meta(RowForm.Meta):
        model = Comment
        fields = ("text", "mentions")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        text.help_text = "Plain text. Type @ and a name to mention somebody. Web addresses become links."
        text.widget.attrs["data-mention-text"] = True

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        held = Membership.objects.for_plan(self.plan)
        readers = User.objects.filter(pk__in=held.exclude(role=Role.VIEWER).values("user"))
        roles = models.Prefetch("memberships", queryset=held, to_attr="held_here")
        return readers.prefetch_related(roles).order_by("name", "email")

    def unknown_names(self) -> str:
        """A sentence about what looks like a mention of somebody who is not here; empty where nothing does."""
        names = unknown_names(self.cleaned_data["text"], readers_of_comments(self.plan))
        if not names:
            return ""
        said = " or ".join(f"“{name}”" for name in names)
        return f"Nobody who reads comments in this plan is called {said}, so nobody was told. Write the whole name."

    def _create(self, values: dict[str, Any]) -> Versioned:
        return add_comment(self.plan, self.instance.step, author=self.member.user, actor=self.actor, **values)
