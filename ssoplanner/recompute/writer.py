"""The one way to save an input, whoever calls: browser, autosave, workbook import, command or worker.

Each call is one transaction: compare-and-set on the row's `version`, the row, its audit row, and as the last statement
the counters of every figure that depends on it (several calls in one `saving()` block share it). Two people who change
different fields of one row both succeed. Two who change the same field to different values do not: the second gets
`Conflict`, which says who, when, theirs and mine, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import RestrictedError

from ssoplanner.core.models import Action, AuditEvent, Plan, PlanRow, Source, User, Versioned
from ssoplanner.recompute.saving import check_links, note, saving
from ssoplanner.recompute.touch import Change, lock_partitions, state_fields
from ssoplanner.recompute.usage import in_use

Values = Mapping[str, Any]
Row = TypeVar("Row", bound=Versioned)
OwnRow = TypeVar("OwnRow", bound=PlanRow)


@dataclass(frozen=True)
class Actor:
    """Who writes, and from where. A command or a worker has no user."""

    user: User | None
    source: Source


@dataclass(frozen=True)
class FieldConflict:
    """A field that two people changed: `base` as it was when I opened it, `theirs` as stored now, `mine` as sent."""

    field: str
    base: Any
    theirs: Any
    mine: Any
    who: str
    when: datetime | None


class Conflict(Exception):
    """Nothing was written: somebody else changed the same fields meanwhile. `version` is the row's version now."""

    def __init__(self, row: Versioned, fields: Sequence[FieldConflict]) -> None:
        super().__init__(f"{row} was changed meanwhile: {', '.join(conflict.field for conflict in fields)}")
        self.row, self.fields, self.version = row, tuple(fields), row.version


class CannotDelete(Exception):
    """The row is still used by others; `str()` says by which."""


def create(model: type[Row], *, plan: Plan | None, actor: Actor, values: Values) -> Row:
    """Save a new row with `values` (many-to-many fields included). Raises ValidationError with one sentence a field."""
    links, fields = _split(model, values)
    row = model(**({"plan": plan} if plan is not None else {}), **fields)
    with saving():
        _check(row, links)
        row.version = 1
        _store(row, force_insert=True)
        _link(row, links)
        after = {name: encode(value) for name, value in values.items() if value not in (None, "", [])}
        _audit(row, actor, Action.CREATE, {}, after)
        note(Change(plan_of(row).pk, model, None, row_state(row)))
    return row


def update(row: Row, *, actor: Actor, version: int, values: Values, seen: Mapping[str, int] | None = None) -> Row:
    """Save `values` into `row`, which the caller read at `version`. Returns the row as stored now.

    `seen` names fields that the caller saw at a later version than the rest, and chose their own value knowingly.

    Raises `Conflict` if a field that `values` changes was changed to something else since `version`, ValidationError if
    a value is wrong, and the model's DoesNotExist if the row is gone. Saving nothing new writes nothing.
    """
    with saving():
        current = _locked(row)
        changes = _changes(current, version, values, seen or {})
        if not changes:
            return current
        links, fields = _split(type(row), changes)
        before, state = {name: encode(_value(current, name)) for name in changes}, row_state(current)
        for name, value in fields.items():
            setattr(current, name, value)
        _check(current, links)
        current.version += 1
        _store(current, force_update=True)
        _link(current, links)
        _audit(current, actor, Action.UPDATE, before, {name: encode(value) for name, value in changes.items()})
        note(Change(plan_of(current).pk, type(row), state, row_state(current)))
    return current


def delete(row: PlanRow, *, actor: Actor, version: int) -> None:
    """Remove a row that the caller read at `version`. Raises `Conflict` if it changed since, `CannotDelete` if used.

    Used is what another row refers to, as one of many too: no link goes without its own row in the audit.
    """
    with saving():
        current = _locked(row)
        if current.version != version:
            raise Conflict(current, [])
        # Before the row goes: who adds something that refers to it waits for it, and may hold this lock.
        lock_partitions(current.plan_id)
        before = {name: encode(_value(current, name)) for name in input_fields(type(row))}
        _audit(current, actor, Action.DELETE, before, {})
        state = row_state(current)
        if used := in_use(current):
            raise CannotDelete(used)
        _remove(current)
        note(Change(current.plan_id, type(row), state, None))


def bulk_load(model: type[OwnRow], *, plan: Plan, actor: Actor, rows: Iterable[Values], label: str) -> list[OwnRow]:
    """Insert many new rows with one audit row for the batch; each starts at version 0. All or none.

    For files and demo data: links to many are not supported, fields are checked, uniqueness is left to the database.
    Raises ValidationError with one sentence a field.
    """
    with saving():
        made = new_rows(model, plan=plan, rows=rows)
        return store_rows(made, plan=plan, actor=actor, label=label) if made else []


def new_rows(model: type[OwnRow], *, plan: Plan, rows: Iterable[Values]) -> list[OwnRow]:
    """New rows, checked but not stored. What they link to may be new as well, and stored before them."""
    made = [model(plan=plan, **values) for values in rows]
    links = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    for field in links:
        if field.name != "plan":
            link_rows(made, field, plan)
    for row in made:
        row.clean_fields(exclude=[field.name for field in links])
        row.clean()
    return made


def store_rows(made: list[OwnRow], *, plan: Plan, actor: Actor, label: str) -> list[OwnRow]:
    """Store rows of one model that were checked, inside `saving`, with one audit row for all of them."""
    model = type(made[0])
    made = model._default_manager.bulk_create(made, batch_size=1000)
    AuditEvent.objects.create(
        plan=plan,
        user=actor.user,
        source=actor.source,
        action=Action.LOAD,
        model=model._meta.model_name,
        row_label=label,
        version=0,
        after={"rows": len(made)},
    )
    for row in made:
        note(Change(plan.pk, model, None, row_state(row, linked=False)))
    return made


def link_rows(rows: Sequence[PlanRow], field: models.ForeignKey[Any, Any], plan: Plan) -> None:
    """Check the rows' links by one query, and give each row what it refers to, so that none is asked for by itself."""
    target: Any = field.related_model
    found = target._base_manager.filter(**({"plan": plan} if issubclass(target, PlanRow) else {}))
    known = found.in_bulk({key for row in rows if (key := getattr(row, field.attname)) is not None})
    for row in rows:
        key = getattr(row, field.attname)
        if key is not None and key not in known:
            message = f"There is no such {field.verbose_name} in this plan. Choose one of this plan."
            raise ValidationError({field.name: message})
        if key is not None:
            setattr(row, field.name, known[key])


def input_fields(model: type[Versioned]) -> list[str]:
    """The names of the fields that people fill in."""
    skipped = {"id", "plan", "version", "created_at", "changed_at"}
    concrete = [field.name for field in model._meta.concrete_fields if field.name not in skipped]
    return concrete + [field.name for field in model._meta.many_to_many]


def encode(value: Any) -> Any:
    """A field's value as the audit stores it: JSON types, decimals as text, a row as its id, many as sorted ids.

    A list of words keeps its order, which may say something, such as which level each of them describes.
    """
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset, models.QuerySet)):
        items = [encode(item) for item in value]
        return items if isinstance(value, list) and not all(isinstance(item, int) for item in items) else sorted(items)
    return value


def row_state(row: Versioned, *, linked: bool = True) -> dict[str, Any]:
    """What decides which figures depend on the row. Not `linked`: it has no links to many, so none is asked for."""
    many = set() if linked else {field.name for field in row._meta.many_to_many}
    fields = state_fields(type(row))
    return {"id": row.pk, **{name: [] if name in many else encode(_value(row, name)) for name in fields}}


def _locked(row: Row) -> Row:
    # no_key: rows that refer to this one, as counters do to their plan, may be added meanwhile. Else two writers could
    # wait for each other: one for this row, one for the partitions (see touch).
    queryset = type(row)._base_manager.filter(pk=row.pk).select_for_update(no_key=True)
    return queryset.get()


def _value(row: Versioned, name: str) -> Any:
    field: Any = row._meta.get_field(name)
    if field.many_to_many:
        return [other.pk for other in getattr(row, name).all()]  # all(): for many rows at once they were prefetched
    return getattr(row, field.attname)


def _changes(current: Versioned, version: int, values: Values, seen: Mapping[str, int]) -> dict[str, Any]:
    """The values that differ from what is stored and that the caller really changed; raises `Conflict`."""
    differing = {name: value for name, value in values.items() if encode(value) != encode(_value(current, name))}
    if not differing or version == current.version:
        return differing
    since = _since(current, version, seen)
    conflicts = []
    for name, mine in list(differing.items()):
        if name not in since:
            continue
        first, last = since[name]
        if encode(mine) == first.before[name]:
            del differing[name]  # I never touched it: theirs stands
        else:
            conflicts.append(_conflict(current, name, first, last, mine))
    if conflicts:
        raise Conflict(current, conflicts)
    return differing


def _since(current: Versioned, version: int, seen: Mapping[str, int]) -> dict[str, tuple[AuditEvent, AuditEvent]]:
    """For each field saved after `version`: the first and the last save of it."""
    events = AuditEvent.objects.filter(
        plan=plan_of(current),
        model=current._meta.model_name,
        row_id=current.pk,
        version__gt=version,
        action=Action.UPDATE,
    )
    since: dict[str, tuple[AuditEvent, AuditEvent]] = {}
    for event in events.select_related("user").order_by("version"):
        for name in event.after:
            if event.version > seen.get(name, version):
                since[name] = (since[name][0] if name in since else event, event)
    return since


def _conflict(current: Versioned, name: str, first: AuditEvent, last: AuditEvent, mine: Any) -> FieldConflict:
    who = str(last.user) if last.user else last.get_source_display()
    return FieldConflict(name, first.before[name], _value(current, name), mine, who, last.at)


def _split(model: type[Versioned], values: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    many = {field.name for field in model._meta.many_to_many}
    return (
        {name: value for name, value in values.items() if name in many},
        {name: value for name, value in values.items() if name not in many},
    )


def _check(row: Versioned, links: Values) -> None:
    row.full_clean(exclude=["plan"], validate_unique=True, validate_constraints=False)
    row.validate_constraints()
    for name, others in links.items():
        own = plan_of(row).pk
        if any(getattr(other, "plan_id", own) != own for other in others):  # people belong to no plan
            raise ValidationError({name: "One of these belongs to another plan. Choose from this plan."})


def _store(row: Versioned, **how: bool) -> None:
    try:
        with transaction.atomic():  # a savepoint: after an error the constraints can still be asked
            row.save(**how)
    except IntegrityError:
        row.validate_constraints()  # somebody stored the same key since we looked; this says which
        raise


def _link(row: Versioned, links: Values) -> None:
    for name, others in links.items():
        getattr(row, name).set(others)


def plan_of(row: Versioned) -> Plan:
    """The plan that a row belongs to; a plan belongs to itself."""
    return row if isinstance(row, Plan) else row.plan  # type: ignore[attr-defined]


def _audit(row: Versioned, actor: Actor, action: Action, before: Values, after: Values) -> None:
    audit_event(row, actor, action, before, after).save(force_insert=True)


def audit_event(row: Versioned, actor: Actor, action: Action, before: Values, after: Values) -> AuditEvent:
    """The audit row of one save of one row, not stored yet; `before` and `after` are encoded."""
    return AuditEvent(
        plan_id=row.pk if isinstance(row, Plan) else row.plan_id,  # type: ignore[attr-defined]
        user=actor.user,
        source=actor.source,
        action=action,
        model=str(row._meta.model_name),
        row_id=row.pk,
        row_label=str(row)[:240],
        version=row.version,
        before=dict(before),
        after=dict(after),
    )


def _parts(model: type[PlanRow]) -> list[Any]:
    """What is kept beside a row because it is large, such as the content of a file; it has no history of its own."""
    return [one.related_model for one in model._meta.related_objects if _is_part(one)]


def _is_part(relation: Any) -> bool:
    return bool(relation.one_to_one) and not issubclass(relation.related_model, Versioned)


def _remove(row: PlanRow) -> None:
    """Remove the row, its own links and its parts. Raises `CannotDelete` if somebody linked to it since we looked."""
    links: list[Any] = [many.remote_field.through for many in row._meta.many_to_many]
    own = {model._meta.label for model in (type(row), *links, *_parts(type(row)))}
    refusal = CannotDelete(f"{row} cannot be removed: something began to use it just now.")
    try:
        with transaction.atomic():  # a savepoint: what went with it comes back
            _, gone = row.delete()
            if gone.keys() - own:  # others' links to it, which Django removes and no audit row would tell
                raise refusal
            check_links()
    except (RestrictedError, IntegrityError) as error:
        raise refusal from error
