"""Save cells. Every cell has its own fate: saved, refused with a sentence, or in conflict with somebody else's change.

What is right is saved even if a cell beside it is not; all cells of one request move the figures that depend on them
once. A row that is not there yet is added as soon as what it needs is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from ssoplanner.core.models import AuditEvent, PlanRow, Source
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, Conflict, FieldConflict, create, encode, update
from ssoplanner.web import formats
from ssoplanner.web.grid.tables import NOT_THERE, Column, Grid, Line, stored, texts

MOST_CELLS = 2000


@dataclass(frozen=True)
class Typed:
    """A cell as it was sent. `version` is the row's when it was read; `seen` that of a conflict settled knowingly."""

    row: str
    name: str
    text: str
    version: int
    seen: int | None = None


@dataclass
class Answer:
    """What became of the cells, in JSON types."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: list[dict[str, str]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, row: str, name: str, sentence: str) -> None:
        self.errors.append({"row": row, "name": name, "sentence": sentence})


def save_cells(grid: Grid, cells: Iterable[Typed]) -> Answer:
    """Save what can be saved, in one transaction."""
    answer, by_row = Answer(), dict[str, list[Typed]]()
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    with saving():
        for key, typed in by_row.items():
            line = grid.find(key)
            if line is None:
                _refuse_all(answer, typed, "This row is no longer here. Reload the page to see what is.")
            elif not line.editable:
                _refuse_all(answer, typed, "You may read this row, and others change it.")
            else:
                _RowSaver(grid, line, typed, answer).save()
    return answer


def _refuse_all(answer: Answer, typed: Iterable[Typed], sentence: str) -> None:
    for cell in typed:
        answer.refuse(cell.row, cell.name, sentence)


class _RowSaver:
    """Saves the cells of one row."""

    def __init__(self, grid: Grid, line: Line, typed: list[Typed], answer: Answer) -> None:
        self.grid, self.line, self.typed, self.answer = grid, line, typed, answer
        self.actor = Actor(user=grid.member.user, source=Source.BROWSER)
        self.version = typed[0].version
        self.seen = {cell.name: cell.seen for cell in typed if cell.seen is not None}

    def save(self) -> None:
        values = dict(self._values())
        row = self.line.instance
        if row is None:
            missing = [column.label for column in self._missing(values)]
            if missing:
                self.answer.rows[self.line.key] = {"needs": missing}
                return
            row = self._write(values, self._create)
        elif values:
            row = self._write(values, self._update)
        if row is not None:
            self._show(row)

    def _values(self) -> Iterable[tuple[str, Any]]:
        for cell in self.typed:
            column = self.grid.by_name.get(cell.name)
            if column is None:
                self.answer.refuse(cell.row, cell.name, "This column cannot be changed here.")
                continue
            if cell.name in self.line.fixed:
                self.answer.refuse(cell.row, cell.name, self.line.fixed[cell.name])
                continue
            try:
                yield cell.name, column.cell.value(cell.text)
            except ValidationError as error:
                self.answer.refuse(cell.row, cell.name, " ".join(error.messages))

    def _missing(self, values: Mapping[str, Any]) -> list[Column]:
        return [column for column in self.grid.columns if column.required and column.name not in values]

    def _write(self, values: dict[str, Any], write: Callable[[dict[str, Any]], PlanRow]) -> PlanRow | None:
        """Write, and again without what was refused, until the rest is saved or nothing is left."""
        while values:
            try:
                return write(values)
            except ValidationError as error:
                refused = self._refuse(error, values)
            except Conflict as conflict:
                refused = {one.field for one in conflict.fields}
                self._show_conflicts(conflict.fields, conflict.version)
            values = {name: value for name, value in values.items() if name not in refused}
        return self.line.instance

    def _create(self, values: dict[str, Any]) -> PlanRow:
        whole = {**self.line.given, **values}
        return create(self.grid.model, plan=self.grid.member.plan, actor=self.actor, values=whole)

    def _update(self, values: dict[str, Any]) -> PlanRow:
        assert self.line.instance is not None
        version = self.version
        if version == NOT_THERE:
            # The client saw an empty line that somebody else filled meanwhile.
            self._check_untouched(self.line.instance, values)
            version = self.line.instance.version
        return update(self.line.instance, actor=self.actor, version=version, values=values, seen=self.seen)

    def _check_untouched(self, row: PlanRow, values: Mapping[str, Any]) -> None:
        theirs = {name: stored(row, name) for name in values if name not in self.seen}
        taken = [
            FieldConflict(name, None, value, values[name], self._who(row), row.changed_at)
            for name, value in theirs.items()
            if value not in (None, "", []) and encode(value) != encode(values[name])
        ]
        if taken:
            raise Conflict(row, taken)

    def _who(self, row: PlanRow) -> str:
        saves = AuditEvent.objects.for_plan(self.grid.member.plan).filter(model=row._meta.model_name, row_id=row.pk)
        last = saves.select_related("user").first()
        return str(last.user) if last and last.user else "Somebody"

    def _refuse(self, error: ValidationError, values: Mapping[str, Any]) -> set[str]:
        """Say what is wrong at the cells that were typed; returns their names."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        refused: set[str] = set()
        for name, sentences in found.items():
            guilty = name if name in values else self.grid.by_name[name].partner if name in self.grid.by_name else ""
            for cell in [guilty] if guilty in values else list(values):
                self.answer.refuse(self.line.key, cell, " ".join(sentences))
                refused.add(cell)
        return refused

    def _show_conflicts(self, conflicts: Iterable[FieldConflict], version: int) -> None:
        for one in conflicts:
            cell = self.grid.by_name[one.field].cell
            self.answer.conflicts.append(
                {
                    "row": self.line.key,
                    "name": one.field,
                    "who": one.who,
                    "when": formats.moment(one.when, self.grid.member.plan),
                    "theirs": cell.text(_keys(one.theirs)),
                    "mine": next(cell.text for cell in self.typed if cell.name == one.field),
                    "version": version,
                }
            )

    def _show(self, row: PlanRow) -> None:
        """The row as it is stored now: its other cells may have been changed by others."""
        self.answer.rows[self.line.key] = {
            "key": str(row.pk),
            "version": row.version,
            "texts": texts(row, self.grid.columns),
        }


def _keys(value: Any) -> Any:
    return getattr(value, "pk", value)
