"""What every row of a plan has: its plan, its version, one way to be written."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from ssoplanner.core.scoping import ScopedManager
from ssoplanner.core.text import is_text
from ssoplanner.core.writing import check_writing


class Versioned(models.Model):
    """An input. `version` rises by one with each save and is what two editors are compared by."""

    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        check_writing(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        check_writing(type(self).__name__)
        return super().delete(*args, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        super().clean_fields(exclude=exclude)
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if isinstance(value, str) and field.name not in (exclude or ()) and not is_text(value):
                raise ValidationError({field.name: "One character of this cannot be stored. Type the text again."})


class PlanRow(Versioned):
    """An input that belongs to a plan. A trigger in the database refuses a link to a row of another plan."""

    plan = models.ForeignKey("core.Plan", on_delete=models.CASCADE, related_name="%(class)ss", editable=False)

    objects = ScopedManager()

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        for field in self._meta.concrete_fields:
            if field.name != "plan" and _links_plan_rows(field):
                self._check_same_plan(field)

    def _check_same_plan(self, field: models.Field[Any, Any]) -> None:
        if getattr(self, field.attname) is None:
            return
        if getattr(self, field.name).plan_id != self.plan_id:
            raise ValidationError(
                {field.name: f"This {field.verbose_name} belongs to another plan. Choose one of this plan."}
            )


def _links_plan_rows(field: models.Field[Any, Any]) -> bool:
    return bool(field.is_relation) and issubclass(field.related_model, PlanRow)  # type: ignore[arg-type]
