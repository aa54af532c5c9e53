"""Capabilities, the file that brings some in, and what people conclude: duplicates and candidates for sharing."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from assess.capability_tree import check_may_have_children, next_place, tree, walk
from assess.forms_said_once import SaidOnceForm
from assess.models import Candidate, Capability, DuplicateFinding, Verdict
from assess.models.architecture import DEPTH
from ssoplanner.core.models import Versioned
from ssoplanner.web.forms.fields import HintedRadios
from ssoplanner.web.forms.rows import RowForm, Section


class CapabilityForm(RowForm):
    """One capability. A new one, or one that gets another parent, stands last below it."""

    layout = (
        Section("The capability", "What agencies are able to do, whoever does it.", ("code", "name", "description")),
        Section("Where it stands", "The tree has three levels; agencies rate those of the lowest one.", ("parent",)),
        Section("What it is for", "", ("services", "source")),
    )

    class Meta(RowForm.Meta):
        model = Capability
        fields = ("code", "name", "description", "parent", "services", "source")
        help_texts: ClassVar[dict[str, str]] = {
            "code": "Short and its own, such as HR.2.1.",
            "name": "A noun, such as “Recruitment”, not a system or a team.",
            "description": "What belongs to it, and where it ends.",
            "parent": "None puts it at the top.",
            "services": "Those that cannot be delivered without it.",
            "source": "Such as a standard with its number.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.required, parent.label = False, "Part of"
        parent.choices = [("", "None: it is at the top"), *self._parents()]

    def _parents(self) -> list[tuple[str, str]]:
        """Those under which another may stand, in the order of the tree, indented."""
        rows = Capability.objects.for_plan(self.plan)
        return [
            (str(node.row.pk), f"{'– ' * (node.level - 1)}{node.row.name} ({node.row.code})")
            for node in walk(tree(rows))
            if node.level < DEPTH and node.row.pk != self.instance.pk
        ]

    def clean(self) -> None:
        super().clean()
        parent = self.cleaned_data.get("parent")
        if parent is not None and parent.pk != self.instance.parent_id:
            try:
                check_may_have_children(self.plan, parent)
            except ValidationError as refusal:
                self.add_error("parent", refusal.messages[0])

    def values(self) -> dict[str, Any]:
        given, parent = super().values(), self.cleaned_data.get("parent")
        if self.instance.pk is None or (parent.pk if parent else None) != self.instance.parent_id:
            given["place"] = next_place(self.plan, parent)
        return given


class CapabilityFileForm(forms.Form):
    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.xlsx"}),
        error_messages={
            "required": "Choose a file.",
            "missing": "Choose a file.",
            "invalid": "Choose a file.",
            "empty": "The file is empty. Choose another one.",
        },
        max_length=255,
    )


class ConclusionForm(SaidOnceForm):
    """What people conclude of one thing. If somebody concluded something meanwhile, it is shown, not overwritten."""

    def _update(self, values: dict[str, Any]) -> Versioned:
        if not self.cleaned_data.get("stored"):
            raise ValidationError(
                f"Somebody else was faster: “{self.instance.reason}”. Open the page anew to change what they said."
            )
        return super()._update(values)


VERDICTS: dict[str, str] = {
    Verdict.SHARE: "It goes into the functional scope, step 2.1, as a proposal.",
    Verdict.LATER: "It speaks for sharing, but something has to come first: say what.",
    Verdict.KEEP: "Each agency goes on by itself, for a reason that others can check.",
}


class CandidateForm(ConclusionForm):
    """What people conclude of one capability. The instance says which."""

    about = ("capability",)
    layout = (Section("The verdict", "It counts with its reason: the board will ask for it.", ("verdict", "reason")),)
    verdict = forms.ChoiceField(
        choices=Verdict.choices,
        widget=HintedRadios(hints=VERDICTS),
        error_messages={"required": "Choose one of the three."},
    )

    class Meta(RowForm.Meta):
        model = Candidate
        fields = ("verdict", "reason")
        help_texts: ClassVar[dict[str, str]] = {"reason": "One or two sentences that somebody else could check."}
        error_messages: ClassVar[dict[str, Any]] = {"reason": {"required": "Say why, in one sentence or two."}}


FINDINGS = {
    "yes": "They do the same for different agencies; one would do.",
    "no": "Each is needed for a reason of its own, such as a statute or another kind of work.",
}


class FindingForm(ConclusionForm):
    """What people conclude of the systems with one function. The instance says of which."""

    about = ("function",)
    layout = (Section("The finding", "", ("is_duplicate", "reason")),)
    is_duplicate = forms.TypedChoiceField(
        label="Are they duplicates?",
        choices=[("yes", "Yes, they are duplicates"), ("no", "No, each is needed")],
        coerce=lambda value: value == "yes",
        widget=HintedRadios(hints=FINDINGS),
        error_messages={"required": "Choose yes or no."},
    )

    class Meta(RowForm.Meta):
        model = DuplicateFinding
        fields = ("is_duplicate", "reason")
        help_texts: ClassVar[dict[str, str]] = {"reason": "What they share, or what sets them apart."}
        error_messages: ClassVar[dict[str, Any]] = {"reason": {"required": "Say why, in one sentence or two."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.pk is not None
        self.initial["is_duplicate"] = ("yes" if self.instance.is_duplicate else "no") if known else ""
