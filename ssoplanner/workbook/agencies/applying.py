"""Do what the preview shows, in one transaction, once: agencies and figures, their audit, what depends on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, Plan, Provision, Source
from ssoplanner.recompute import clock
from ssoplanner.recompute.bulk import Wanted, update_many
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, Conflict, bulk_load
from ssoplanner.workbook.agencies.fates import Diff, Fate, Row
from ssoplanner.workbook.agencies.preview import Preview, preview_of, problem_line
from ssoplanner.workbook.models import AgencyImport


class ChangedMeanwhile(Exception):
    """Nothing was written: `rows` come out otherwise than the person saw, since somebody changed the plan meanwhile."""

    def __init__(self, preview: Preview | None = None, rows: Iterable[Row] = ()) -> None:
        super().__init__("the plan was changed meanwhile")
        self.preview, self.rows = preview, list(rows)


def apply_import(*, import_id: int, member: Member, seen: str) -> bool:
    """Write what the preview that the person `seen` shows. False if it was done before: then nothing is written.

    Raises `ChangedMeanwhile`, and `ColumnsUnclear` where there is nothing to preview.
    """
    try:
        with saving():
            found = AgencyImport.objects.select_for_update().get(pk=import_id, plan=member.plan)
            if found.applied_at is not None:
                return False
            preview = preview_of(found, member.plan)
            changed = preview.changed_since(seen)
            if changed:
                raise ChangedMeanwhile(preview, changed)
            _write(preview, member)
            _note(found, preview, member)
            return True
    except (Conflict, ObjectDoesNotExist, IntegrityError) as error:
        # Somebody came between our look and our write, which only PostgreSQL lets happen.
        raise ChangedMeanwhile from error


def _write(preview: Preview, member: Member) -> None:
    actor = Actor(user=member.user, source=Source.WORKBOOK)
    rows = [row for row in preview.rows if row.fate in (Fate.NEW, Fate.CHANGED)]
    added = _add_agencies(preview, rows, member.plan, actor)
    changed = [_wanted(row, row.agency) for row in rows if row.known and row.agency]
    update_many(Agency, plan=member.plan, actor=actor, rows=changed)
    _add_provisions(preview, rows, added, member.plan, actor)
    update_many(Provision, plan=member.plan, actor=actor, rows=list(_changed_provisions(preview, rows)))


def _wanted(row: Row, diff: Diff) -> Wanted:
    assert row.known is not None
    return row.known.pk, row.known.version, _values(diff)


def _values(diff: Diff) -> dict[str, Any]:
    return {name: after for name, (_, after) in diff.items()}


def _add_agencies(preview: Preview, rows: list[Row], plan: Plan, actor: Actor) -> dict[str, Agency]:
    """The new agencies, by their code. One whose tier the file does not say has the plan's."""
    values = [{"tier": plan.tier, **_values(row.agency)} for row in rows if row.fate is Fate.NEW]
    if not values:
        return {}
    made = bulk_load(Agency, plan=plan, actor=actor, rows=values, label=_label("agencies", preview))
    return {agency.code: agency for agency in made}


def _label(what: str, preview: Preview) -> str:
    return f"{what} from {preview.found.file_name}"[:240]


def _add_provisions(preview: Preview, rows: list[Row], added: dict[str, Agency], plan: Plan, actor: Actor) -> None:
    agencies = Agency.objects.for_plan(plan).in_bulk([row.known.pk for row in rows if row.known and row.provisions])
    values = [
        {
            "agency": agencies[row.known.pk] if row.known else added[row.code],
            "service": preview.services[service],
            "fiscal_year": preview.mapping.fiscal_year,
            **_values(diff),
        }
        for row in rows
        for service, diff in row.provisions.items()
        if service not in row.stored
    ]
    if values:
        bulk_load(Provision, plan=plan, actor=actor, rows=values, label=_label("provisions", preview))


def _changed_provisions(preview: Preview, rows: list[Row]) -> Iterable[Wanted]:
    for row in rows:
        for service, diff in row.provisions.items():
            if service in row.stored:
                yield row.stored[service].pk, row.stored[service].version, _values(diff)


def _note(found: AgencyImport, preview: Preview, member: Member) -> None:
    """What was done, and the rows that were left out: what the plan holds later does not change that."""
    found.applied_at, found.applied_by = clock.now(), member.user
    stored = [service in row.stored for row in preview.rows for service in row.provisions]
    found.result = {
        "rows": {fate.value: count for fate, count in preview.counts.items()},
        "provisions_added": stored.count(False),
        "provisions_changed": stored.count(True),
        "left_out": [
            [row.number, [[line.column, line.sentence] for line in _problems(preview, row)]]
            for row in preview.rows
            if row.fate is Fate.LEFT_OUT
        ],
    }
    found.save()


def _problems(preview: Preview, row: Row) -> Iterable[Any]:
    return (problem_line(preview.sheet, problem) for problem in row.problems)
