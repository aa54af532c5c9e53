"""A task: what is to be done, by whom and by when, and what it is about."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ssoplanner.core.models import Agency, User, Versioned
from ssoplanner.steps.comments import readers_of_comments
from ssoplanner.steps.models import Task
from ssoplanner.steps.registry import steps_by_phase
from ssoplanner.steps.tasks import add_task, change_task, check_asks, owned_steps
from ssoplanner.web.forms.rows import RowForm, Section


def step_choices() -> list[tuple[str, Any]]:
    """The steps by phase, after none."""
    phases = [
        (f"{phase.number} {phase.title}", [(one.key, str(one)) for one in found]) for phase, found in steps_by_phase()
    ]
    return [("", "No step"), *phases]


class TaskForm(RowForm):
    """A new one is one's own unless an owner is chosen, which is offered to those who may ask others."""

    layout = (
        Section("What is to be done", "", ("title", "detail")),
        Section("By whom, and by when", "", ("owner", "due")),
        Section("What it is about", "Leave open what does not matter.", ("step", "agency")),
    )
    step = forms.ChoiceField(required=False)

    class Meta(RowForm.Meta):
        model = Task
        fields = ("title", "detail", "owner", "due", "step", "agency")
        help_texts: ClassVar[dict[str, str]] = {
            "title": "In one line, such as “Send the list of systems”.",
            "due": "Without a day it waits at the end of the list.",
            "agency": "Then only who may see its figures sees the task.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = step_choices()  # type: ignore[attr-defined]
        self.own_steps = owned_steps(self.member)
        if not (self.member.runs_plan or self.own_steps):
            del self.fields["owner"]
        elif self.instance.pk is None:
            self.fields["owner"].required = False
            self.fields["owner"].empty_label = "Myself"  # type: ignore[attr-defined]

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        """Who works in the plan, and who owns it now; agencies whose figures the member sees."""
        if name == "owner":
            known = {person.pk for person in readers_of_comments(self.plan)} | {self.instance.owner_id}
            return User.objects.filter(pk__in=known - {None}).order_by("name", "email")
        agencies = Agency.objects.for_plan(self.plan)
        return agencies if self.member.sees_all else agencies.filter(Q(pk__in=self.member.agency_ids))

    def clean(self) -> None:
        super().clean()
        typed, stored = self.cleaned_data, self.instance.pk is not None
        if {"owner", "step"} & self.errors.keys() or (stored and not {"owner", "step"} & set(self.changed_data)):
            return
        owner = typed.get("owner") or (self.instance.owner if stored else self.member.user)
        try:
            check_asks(self.member, self.own_steps, owner=owner, step=typed.get("step", ""))
        except ValidationError as error:
            self._show(error)

    def _create(self, values: dict[str, Any]) -> Versioned:
        me = self.member.user
        asked = {**values, "owner": values.get("owner") or me}
        return add_task(self.plan, asked_by=me, actor=self.actor, **asked)

    def _update(self, values: dict[str, Any]) -> Versioned:
        version = self.cleaned_data.get("version") or self.instance.version
        return change_task(self.instance, actor=self.actor, version=version, values=values, seen=self._settled())
