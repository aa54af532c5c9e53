"""Audit rows in words: who changed what from what to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from ssoplanner.access.gate import Member, sees_agency_name
from ssoplanner.core.models import Action, Agency, AuditEvent, Plan, Versioned
from ssoplanner.web import formats
from ssoplanner.web.words import value_text

HIDDEN = {"nonce"}


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class EventLine:
    """One audit row as people read it."""

    when: str
    who: str
    source: str
    action: str
    what: str
    changes: tuple[Change, ...]


def row_history(row: Versioned, member: Member, limit: int = 20) -> list[EventLine]:
    """The newest changes of one row, newest first, without the names of agencies that are not the member's to know."""
    events = AuditEvent.objects.for_plan(member.plan).filter(model=row._meta.model_name).select_related("user")
    own = list(events.filter(row_id=row.pk)[:limit])
    lines = event_lines(own, member.plan, reader=member)
    if len(own) == limit or any(event.action == Action.CREATE for event in own):
        return lines
    # It came in with others, which have one event together: the next one after it was stored.
    batch = events.filter(action=Action.LOAD, at__gte=row.created_at).order_by("id").first()
    return [*lines, _loaded(row, batch, member.plan)] if batch else lines


def _loaded(row: Versioned, batch: AuditEvent, plan: Plan) -> EventLine:
    """That the row was added, as one of a batch."""
    added, what = str(Action.CREATE.label), f"{row_kind(batch)} {row} ({_batch(batch, plan)})"
    return replace(_line(batch, plan, {}), action=added, what=what)


def events_about(plan: Plan, kind: str) -> QuerySet[AuditEvent]:
    """The plan's audit, newest first; of one kind of row if `kind` names one."""
    events: QuerySet[AuditEvent] = AuditEvent.objects.for_plan(plan)
    return events.filter(model=kind) if kind else events


def kind_label(kind: str) -> str:
    """What rows of a kind are called, such as "agencies"."""
    model = audited_models().get(kind)
    return str(model._meta.verbose_name_plural) if model else "rows"


def event_lines(events: Iterable[AuditEvent], plan: Plan, *, reader: Member | None = None) -> list[EventLine]:
    """The events in words, with a fixed number of queries: names of linked rows are fetched once a model.

    Without `reader` it is for those who see everything.
    """
    events = list(events)
    names = _names(events, reader)
    return [_line(event, plan, names) for event in events]


def row_kind(event: AuditEvent) -> str:
    """What kind of row an event is about, in words."""
    return _kind(_model(event))


Names = dict[tuple[type[models.Model], int], str]


def _line(event: AuditEvent, plan: Plan, names: Names) -> EventLine:
    model = _model(event)
    fields = [name for name in {**event.before, **event.after} if name not in HIDDEN]
    loaded = event.action == Action.LOAD
    changes = () if loaded else tuple(_change(event, plan, name, names) for name in fields)
    return EventLine(
        when=formats.moment(event.at, plan),
        who=str(event.user) if event.user else "the system",
        source=event.get_source_display(),
        action=event.get_action_display(),
        what=_batch(event, plan) if loaded else f"{_kind(model)} {event.row_label}",
        changes=changes,
    )


def _batch(event: AuditEvent, plan: Plan) -> str:
    """How many rows were loaded, and which: the label names them in the plural, as in `agencies from a.csv`."""
    model, label = _model(event), event.row_label
    one = label
    if model is not None:
        one = label.replace(str(model._meta.verbose_name_plural), str(model._meta.verbose_name), 1)
    return formats.counted(event.after["rows"], one, label, plan)


def _change(event: AuditEvent, plan: Plan, name: str, names: Names) -> Change:
    model = _model(event)
    label, field = name, None
    if model is not None and name in {field.name for field in model._meta.get_fields()}:
        field = model._meta.get_field(name)
        label = str(getattr(field, "verbose_name", name))

    def name_of(model: type[models.Model], keys: Iterable[int]) -> list[str]:
        return [names.get((model, key), "a removed row") for key in keys]

    before, after = (
        value_text(field, values.get(name), plan, name_of=name_of) for values in (event.before, event.after)
    )
    return Change(label, before, after)


def _names(events: list[AuditEvent], reader: Member | None) -> Names:
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for event in events:
        model = _model(event)
        for values in (event.before, event.after):
            for name, value in values.items():
                field = _relation(model, name)
                if field is not None and value:
                    wanted[field.related_model] |= set(value if isinstance(value, list) else [value])
    return {
        (model, row.pk): _name(row, reader)
        for model, keys in wanted.items()
        for row in model._base_manager.filter(pk__in=keys)
    }


def _name(row: models.Model, reader: Member | None) -> str:
    hidden = reader is not None and isinstance(row, Agency) and not sees_agency_name(reader, row)
    return "another agency" if hidden else str(row)


def _relation(model: type[models.Model] | None, name: str) -> Any:
    if model is None or name not in {field.name for field in model._meta.get_fields()}:
        return None
    field = model._meta.get_field(name)
    return field if field.is_relation else None


def _model(event: AuditEvent) -> type[models.Model] | None:
    return audited_models().get(event.model)


def audited_models() -> dict[str, type[models.Model]]:
    return {model._meta.model_name: model for model in apps.get_models() if issubclass(model, Versioned)}  # type: ignore[misc]


def _kind(model: type[models.Model] | None) -> str:
    return str(model._meta.verbose_name) if model else "row"
