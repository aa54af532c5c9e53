"""Do what the preview shows, in one transaction, once: agencies and figures, their audit, what depends on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError

from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency, Plan, Provision, Source
from ssoplanner.recompute import clock
from ssoplanner.recompute.bulk import Updates, Wanted, prepare_updates
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, Conflict, new_rows, store_rows
from ssoplanner.workbook.agencies.fates import Diff, Fate, Row
from ssoplanner.workbook.agencies.preview import Preview, preview_of, problem_line
from ssoplanner.workbook.models import AgencyImport

TRIES = 3  # as often as somebody changes the plan just then


class ChangedMeanwhile(Exception):
    """Nothing was written: `rows` come out otherwise than the person saw, since somebody changed the plan meanwhile."""

    def __init__(self, preview: Preview | None = None, rows: Iterable[Row] = ()) -> None:
        super().__init__("the plan was changed meanwhile")
        self.preview, self.rows = preview, list(rows)


def apply_import(*, import_id: int, member: Member, seen: str) -> bool:
    """Write what the preview that the person `seen` shows. False if it was done before: then nothing is written.

    What becomes of the rows is worked out and checked before the transaction begins, in which nobody else can save on
    SQLite; inside it is only asked whether the plan is still the same. If it is not, all begins anew.

    Raises `ChangedMeanwhile`, and `ColumnsUnclear` where there is nothing to preview.
    """
    try:
        for _ in range(TRIES):
            preview = _seen_preview(import_id, member, seen)
            if preview is None:
                return False
            ready = _ready(preview, member)
            if ready and _store(preview, ready, member):
                return True
    except (Conflict, ObjectDoesNotExist, IntegrityError) as error:
        # Somebody came between our look and our write.
        raise ChangedMeanwhile from error
    raise ChangedMeanwhile


def _seen_preview(import_id: int, member: Member, seen: str) -> Preview | None:
    """The preview as it is now, if it is what was `seen`; None if the import was done before."""
    found = AgencyImport.objects.get(pk=import_id, plan=member.plan)
    if found.applied_at is not None:
        return None
    preview = preview_of(found, member.plan)
    changed = preview.changed_since(seen)
    if changed:
        raise ChangedMeanwhile(preview, changed)
    return preview


def _store(preview: Preview, ready: Ready, member: Member) -> bool:
    """All of it in one transaction. False if plan or import are not as the preview has them: nothing is written."""
    with saving():
        found = AgencyImport.objects.select_for_update().get(pk=preview.found.pk, plan=member.plan)
        if found.applied_at is not None or not preview.still_holds(found):
            return False
        _write(ready, preview, member)
        _note(found, preview, member)
    return True


@dataclass(frozen=True)
class Ready:
    """All that is to be stored, checked: new rows, and changes of rows that the plan has."""

    agencies: list[Agency]
    provisions: list[Provision]
    of_agencies: Updates
    of_provisions: Updates


def _ready(preview: Preview, member: Member) -> Ready | None:
    """None if the plan was changed while all was checked."""
    try:
        return _checked(preview, member)
    except (Conflict, ObjectDoesNotExist, ValidationError):
        if preview.still_holds(preview.found):
            raise
    return None


def _checked(preview: Preview, member: Member) -> Ready:
    plan, actor = member.plan, _actor(member)
    rows = [row for row in preview.rows if row.fate in (Fate.NEW, Fate.CHANGED)]
    changed = [_wanted(row, row.agency) for row in rows if row.known and row.agency]
    agencies = new_rows(Agency, plan=plan, rows=_new_agencies(rows, plan))
    return Ready(
        agencies,
        new_rows(Provision, plan=plan, rows=_new_provisions(preview, rows, agencies)),
        prepare_updates(Agency, plan=plan, actor=actor, rows=changed),
        prepare_updates(Provision, plan=plan, actor=actor, rows=list(_changed_provisions(rows))),
    )


def _actor(member: Member) -> Actor:
    return Actor(user=member.user, source=Source.WORKBOOK)


def _write(ready: Ready, preview: Preview, member: Member) -> None:
    """Agencies first: figures refer to new ones."""
    _add("agencies", ready.agencies, preview, member)
    ready.of_agencies.store()
    _add("provisions", ready.provisions, preview, member)
    ready.of_provisions.store()


def _add(what: str, rows: list[Any], preview: Preview, member: Member) -> None:
    if rows:
        label = f"{what} from {preview.found.file_name}"[:240]
        store_rows(rows, plan=member.plan, actor=_actor(member), label=label)


def _wanted(row: Row, diff: Diff) -> Wanted:
    assert row.known is not None
    return row.known.pk, row.known.version, _values(diff)


def _values(diff: Diff) -> dict[str, Any]:
    return {name: after for name, (_, after) in diff.items()}


def _new_agencies(rows: Iterable[Row], plan: Plan) -> Iterable[dict[str, Any]]:
    """One whose tier the file does not say has the plan's."""
    return ({"tier": plan.tier, **_values(row.agency)} for row in rows if row.fate is Fate.NEW)


def _new_provisions(preview: Preview, rows: list[Row], added: list[Agency]) -> Iterable[dict[str, Any]]:
    new = {agency.code: agency for agency in added}
    for row in rows:
        whose = {"agency_id": row.known.pk} if row.known else {"agency": new[row.code]}
        for service, diff in row.provisions.items():
            if service not in row.stored:
                year = preview.mapping.fiscal_year
                yield {**whose, "service": preview.services[service], "fiscal_year": year, **_values(diff)}


def _changed_provisions(rows: list[Row]) -> Iterable[Wanted]:
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
