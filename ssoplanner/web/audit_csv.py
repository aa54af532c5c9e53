"""The plan's audit as a CSV file (RFC 4180) for a spreadsheet: one line for each field that was changed, oldest first.

The words are those of the history page. UTF-8 with a byte order mark, by which Excel knows it. A text that a
spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import IO
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from ssoplanner.access.gate import SEES_ALL
from ssoplanner.core.models import Action, AuditEvent, Plan
from ssoplanner.recompute.jobs import Report, job_kind
from ssoplanner.recompute.models import Job
from ssoplanner.web import formats
from ssoplanner.web.history import Change, audited_models, event_lines, events_about, kind_label, row_kind

COLUMNS = ("When", "Who", "From where", "Action", "What", "Row", "Field", "Before", "After")
EVENTS_A_BATCH = 500
# OWASP's list for CSV injection; the last four are the full-width forms, which some spreadsheets read alike.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NO_FIELDS = (Change("", "", ""),)


@job_kind(
    "audit",
    title="History as CSV",
    text="Every change in the plan, one line for each field: when, who, what, before and after.",
    roles=SEES_ALL,
    suffix=".csv",
    content_type="text/csv; charset=utf-8",
    read=lambda sent: {"only": sent["only"]} if sent.get("only") in audited_models() else {},
    about=lambda parameters: f"{kind_label(parameters['only'])} only" if "only" in parameters else "",
)
def audit_csv(job: Job, file: IO[bytes], report: Report) -> None:
    """Write the plan's audit as it stands now, a batch at a time; `only` names the kind of row that it is about."""
    file.write(codecs.BOM_UTF8 + encoded([COLUMNS]))
    wanted = events_about(job.plan, job.parameters.get("only", ""))
    done, total = 0, wanted.count()
    for events in batches(wanted, total):
        file.write(encoded(lines(events, job.plan)))
        done += len(events)
        counts = (formats.number(count, job.plan) for count in (done, total))
        report(100 * done // total, "{} of {} changes".format(*counts))


def encoded(rows: Iterable[Iterable[str]]) -> bytes:
    """The rows as CSV. A character that is none, which SQLite would keep, becomes a question mark."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue().encode(errors="replace")


def batches(wanted: QuerySet[AuditEvent], total: int) -> Iterator[list[AuditEvent]]:
    """The first `total` events: what is added meanwhile stays out, so that an end is reached."""
    last = 0
    while total > 0:
        following = wanted.filter(pk__gt=last).select_related("user").order_by("pk")
        events = list(following[: min(total, EVENTS_A_BATCH)])
        if not events:
            return
        yield events
        last, total = events[-1].pk, total - len(events)


def lines(events: list[AuditEvent], plan: Plan) -> Iterator[tuple[str, ...]]:
    """The cells of each line, a column each."""
    zone = ZoneInfo(plan.time_zone)
    for event, said in zip(events, event_lines(events, plan), strict=True):
        at = event.at.astimezone(zone).isoformat(timespec="seconds")
        row = said.what if event.action == Action.LOAD else event.row_label
        for change in said.changes or NO_FIELDS:
            yield (
                at,
                said.who,
                said.source,
                said.action,
                row_kind(event),
                row,
                change.field,
                change.before,
                change.after,
            )


def defused(text: str) -> str:
    """The text, so written that no spreadsheet computes it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
