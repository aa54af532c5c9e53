"""The form behind every add and edit page of a plan's rows: it saves through the one writer and shows conflicts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from ssoplanner.access.gate import Member
from ssoplanner.core.models import PlanRow, Source, Versioned
from ssoplanner.recompute.writer import Actor, Conflict, FieldConflict, create, update
from ssoplanner.web import formats
from ssoplanner.web.forms.fields import LocaleNumber, Percent, form_field, format_as_shown
from ssoplanner.web.words import stored_names, value_text


@dataclass(frozen=True)
class Section:
    """Fields that belong together: (legend, one sentence, field names)."""

    legend: str
    intro: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ConflictText:
    """A field that two people changed, in words."""

    who: str
    when: str
    theirs_text: str
    mine_text: str
    base_text: str


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A ModelForm over a row of a plan.

    Subclasses name `layout` (sections) and `units` (field -> words after the control). `save_row` is the only way to
    save.
    """

    layout: ClassVar[tuple[Section, ...]] = ()
    units: ClassVar[dict[str, str]] = {}
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    # Conflicts: the version that the person saw beside their own value, and the fields settled in their favour so far.
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    settled = forms.CharField(widget=forms.HiddenInput, required=False)
    # The format of the figures in this form, whichever the plan has by the time it comes back.
    figures_in = forms.CharField(widget=forms.HiddenInput, required=False)
    bookkeeping = frozenset({"version", "shown", "settled", "figures_in"})

    class Meta:
        formfield_callback = form_field

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.plan = member, member.plan
        self.as_shown = copy(self.plan)
        self.as_shown.locale = format_as_shown(self.data.get("figures_in"), self.plan)
        self.conflicts: dict[str, ConflictText] = {}
        self.initial["version"], self.initial["figures_in"] = self.instance.version, self.as_shown.locale
        if isinstance(self.instance, PlanRow) and self.instance.plan_id is None:
            self.instance.plan = self.plan
        for name in list(self.fields):
            self._prepare(name, self.fields[name])
        if self.is_bound:
            self._take_side()

    def _prepare(self, name: str, field: forms.Field) -> None:
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = self.choices_for(name, field)
            if not field.queryset.exists():
                kind = field.queryset.model._meta.verbose_name_plural
                field.help_text = f"The plan has no {kind} yet." + (" Add one first." if field.required else "")
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 3
        if isinstance(field, LocaleNumber):
            field.write_as(self.as_shown.locale)
        field.unit = self.unit(name)  # type: ignore[attr-defined]

    def _take_side(self) -> None:
        """Apply the button of a conflict panel: `mine:field` or `theirs:field`."""
        side, _, name = self.data.get("keep", "").partition(":")
        if name not in self.fields or side not in {"mine", "theirs"}:
            return
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        if side == "mine":
            data["settled"] = f"{data.get('settled', '')} {name}:{data.get('shown') or 0}".strip()
        else:
            stored = self.fields[name].prepare_value(self.initial.get(name))
            many = isinstance(stored, (list, tuple))
            data.setlist(name, [str(item) for item in stored] if many else ["" if stored is None else str(stored)])
        self.data = data

    def choices_for(self, name: str, field: forms.ModelChoiceField) -> models.QuerySet[Any]:  # type: ignore[type-arg]
        """What may be chosen: rows of this plan. A form whose links reach elsewhere overrides it."""
        return field.queryset.model.objects.for_plan(self.plan)  # type: ignore[union-attr]

    def unit(self, name: str) -> str:
        """The words after a control; `{currency}` stands for the plan's."""
        if isinstance(self.fields[name], Percent):
            return "%"
        return self.units.get(name, "").format(currency=self.plan.currency)

    @property
    def sections(self) -> Iterator[tuple[str, str, list[forms.BoundField]]]:
        for section in self.layout:
            bound = [self[name] for name in section.fields if name in self.fields]
            if bound:
                yield section.legend, section.intro, bound

    def _post_clean(self) -> None:
        # The writer checks the row against what is stored *now*; checking here would mix two states.
        pass

    def values(self) -> dict[str, Any]:
        """What was typed, by field of the row."""
        return {name: _plain(value) for name, value in self.cleaned_data.items() if name not in self.bookkeeping}

    def save_row(self) -> Versioned | None:
        """Save through the writer. None means that the form now says what is wrong, and nothing was written."""
        return self.save_with(self._create if self.instance.pk is None else self._update)

    def save_with(self, write: Callable[[dict[str, Any]], Versioned]) -> Versioned | None:
        """As `save_row`, by a function that takes the values."""
        try:
            return write(self.values())
        except ValidationError as error:
            self._show(error)
        except Conflict as conflict:
            self._show_conflict(conflict)
        return None

    @property
    def actor(self) -> Actor:
        """Whoever sends the form."""
        return Actor(user=self.member.user, source=Source.BROWSER)

    def _create(self, values: dict[str, Any]) -> Versioned:
        return create(type(self.instance), plan=self.plan, actor=self.actor, values=values)

    def _update(self, values: dict[str, Any]) -> Versioned:
        version = self.cleaned_data.get("version")
        if version is None:
            version = self.instance.version
        return update(self.instance, actor=self.actor, version=version, values=values, seen=self._settled())

    def _settled(self) -> dict[str, int]:
        pairs = re.findall(r"(?<!\S)(\w+):(\d{1,9})(?!\S)", self.cleaned_data.get("settled", ""))
        return {name: int(version) for name, version in pairs}

    def _show(self, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)

    def _show_conflict(self, conflict: Conflict) -> None:
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["shown"] = str(conflict.version)
        for field in conflict.fields:
            words = self._in_words(field)
            if field.field in self.fields:
                self.conflicts[field.field] = words
                self.add_error(field.field, "Somebody else changed this meanwhile. Choose which value stands.")
                continue
            # Typed in several fields, so that there is no one place for two buttons.
            data["settled"] = f"{data.get('settled', '')} {field.field}:{conflict.version}".strip()
            name = self.instance._meta.get_field(field.field).verbose_name
            said = f"{words.who} changed the {name} on {words.when} to: {words.theirs_text}."
            self.add_error(None, f"{said} Yours stand here: save again if they are to hold.")
        self.data = data

    def _in_words(self, conflict: FieldConflict) -> ConflictText:
        when = formats.moment(conflict.when, self.as_shown)
        texts = (self.text(conflict.field, value) for value in (conflict.theirs, conflict.mine, conflict.base))
        return ConflictText(conflict.who, when, *texts)

    def text(self, name: str, value: Any) -> str:
        """A stored or typed value of a field as people read it beside the controls of this form."""
        return value_text(self.instance._meta.get_field(name), value, self.as_shown, name_of=stored_names)


def _plain(value: Any) -> Any:
    """As the writer takes it. Browsers send CR LF: kept, an untouched text would differ from what a file brought."""
    if isinstance(value, str):
        return re.sub(r"\r\n?", "\n", value)
    return list(value) if isinstance(value, models.QuerySet) else value
