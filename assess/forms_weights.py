"""The weights of rows that are weighed against each other, in one form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django import forms
from django.db import models

from ssoplanner.access.gate import Member
from ssoplanner.core.models import PlanRow, Source
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, Conflict, update
from ssoplanner.web import formats
from ssoplanner.web.forms.fields import Amount, format_as_shown


class WeightsForm(forms.Form):
    """All weights at once. Two people who change different ones both succeed; the same one is shown as a conflict.

    Rows have a field `weight`. They are weighed against those with the same value of their field `by`, one of
    `groups`; `no_weight` says of a `{group}` that its weights add up to zero.
    """

    by: ClassVar[str]
    groups: ClassVar[type[models.TextChoices]]
    no_weight: ClassVar[str]
    figures_in = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, member: Member, rows: Iterable[PlanRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.rows = member, list(rows)
        locale = format_as_shown(self.data.get("figures_in"), member.plan)
        self.initial["figures_in"] = locale
        for row in self.rows:
            weight = Amount(
                label=f"Weight of {row}",
                min_value=0,
                max_digits=5,
                decimal_places=2,
                initial=row.weight,  # type: ignore[attr-defined]
                error_messages={"min_value": "A weight is zero or more.", "required": "Give a weight; 0 switches off."},
            )
            weight.write_as(locale)
            self.fields[f"w{row.pk}-weight"] = weight
            version = forms.IntegerField(widget=forms.HiddenInput, initial=row.version, min_value=0, required=False)
            self.fields[f"w{row.pk}-version"] = version

    def bound(self, row: PlanRow) -> tuple[forms.BoundField, forms.BoundField]:
        return self[f"w{row.pk}-weight"], self[f"w{row.pk}-version"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for group in self.groups:
            own = [row for row in self.rows if getattr(row, self.by) == group]
            weights = [given.get(f"w{row.pk}-weight") for row in own]
            if own and all(weight is not None for weight in weights) and not any(weights):
                self.add_error(None, self.no_weight.format(group=str(group.label).lower()))
        return given

    def save(self) -> bool:
        """All or none. False means that the form now says what is wrong."""
        actor = Actor(user=self.member.user, source=Source.BROWSER)
        try:
            with saving():
                for row in self.rows:
                    self._save(row, actor)
        except _WeightConflict as found:
            self._show(found.row, found.conflict)
            return False
        return True

    def _save(self, row: PlanRow, actor: Actor) -> None:
        weight, version = (self.cleaned_data[f"w{row.pk}-{name}"] for name in ("weight", "version"))
        try:
            update(row, actor=actor, version=row.version if version is None else version, values={"weight": weight})
        except Conflict as conflict:
            raise _WeightConflict(row, conflict) from conflict

    def _show(self, row: PlanRow, conflict: Conflict) -> None:
        field = conflict.fields[0]
        theirs = formats.number(field.theirs, self.member.plan)
        when = formats.moment(field.when, self.member.plan)
        text = f"{field.who} set this to {theirs} on {when}. Yours stands here: save again if it is to hold."
        self.add_error(f"w{row.pk}-weight", text)
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[f"w{row.pk}-version"] = str(conflict.version)
        self.data = data


class _WeightConflict(Exception):
    def __init__(self, row: PlanRow, conflict: Conflict) -> None:
        super().__init__(str(conflict))
        self.row, self.conflict = row, conflict


def weight_rows(form: WeightsForm) -> Iterator[tuple[PlanRow, forms.BoundField, forms.BoundField]]:
    """Each row with its two fields, the weight and the version."""
    for row in form.rows:
        yield (row, *form.bound(row))
