"""What a grid is made of: columns from a form, rows from a register, and how a new row comes about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from ssoplanner.access.gate import Member
from ssoplanner.core.models import PlanRow
from ssoplanner.web.forms.fields import LocaleNumber
from ssoplanner.web.forms.rows import RowForm
from ssoplanner.web.grid.cells import Cell

ROWS_A_PAGE = 100
NOT_THERE = -1  # the version of a row that is not there yet; one that came from a file begins at 0


@dataclass(frozen=True)
class Column:
    """A column: a field of the form. `partner` is a field that must be given together with it.

    Without `required` columns no row is added; what has a default may be left empty then.
    """

    name: str
    label: str
    unit: str
    cell: Cell
    partner: str = ""
    required: bool = False


@dataclass
class Line:
    """A row of the grid. `instance` is None for one that is not there yet; `given` are its values that are not typed.

    `key` is the id of the instance, or a name that begins with "new".
    """

    key: str
    head: str
    name: str = ""  # what the row is called, where the head does not say it
    note: str = ""
    url: str = ""
    instance: PlanRow | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    editable: bool = True
    fixed: Mapping[str, str] = field(default_factory=dict)  # column -> why it cannot be changed in this row


@dataclass
class Grid:
    """A register as a grid for one member. `find` gives the line of a key that the client sent, or None.

    `grows` says that rows may be added below the last one.
    """

    member: Member
    model: type[PlanRow]
    columns: Sequence[Column]
    lines: Sequence[Line]
    find: Callable[[str], Line | None]
    head_label: str
    grows: bool = False

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def write_as(self, locale: str) -> None:
        """Read and show the figures of all cells in the format of `locale`."""
        for column in self.columns:
            if isinstance(column.cell.field, LocaleNumber):
                column.cell.field.write_as(locale)


def columns_of(
    form: RowForm,
    names: Sequence[str],
    *,
    partners: Mapping[str, str] | None = None,
    short: Mapping[str, tuple[str, str]] | None = None,
) -> list[Column]:
    """The columns for those of these fields that the form lets this member edit. `short`: (label, unit)."""
    return [
        Column(
            name=name,
            label=(short or {}).get(name, (str(form[name].label), ""))[0],
            unit=(short or {}).get(name, ("", form.unit(name)))[1],
            cell=Cell(form.fields[name]),
            partner=(partners or {}).get(name, ""),
            required=form.fields[name].required and not form.instance._meta.get_field(name).has_default(),
        )
        for name in names
        if name in form.fields
    ]


def stored(instance: PlanRow, name: str) -> Any:
    """The stored value of a field, as `Cell.text` takes it: keys for links. Links to many should be prefetched."""
    model_field: Any = instance._meta.get_field(name)
    if isinstance(model_field, models.ManyToManyField):
        return [row.pk for row in getattr(instance, name).all()]
    return getattr(instance, model_field.attname)


def texts(instance: PlanRow | None, columns: Sequence[Column]) -> dict[str, str]:
    """Column name -> text of the cell."""
    if instance is None:
        return {column.name: "" for column in columns}
    return {column.name: column.cell.text(stored(instance, column.name)) for column in columns}
