"""What becomes of the capabilities of a file in a plan, and bringing them in: all that can be, in one transaction.

A capability is known by its code. What the plan has not is added; where name or description differ, they are changed;
its place in the tree stays as people put it, and an empty description in the file leaves the plan's. Bringing a file in
twice changes nothing the second time. A row that is wrong is left out, with what stands below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing

from assess.capability_import_files import Content, FileRow, Problem
from assess.capability_tree import tree as build_tree
from assess.capability_tree import walk
from assess.models import Capability, CapabilityRating
from assess.models.architecture import DEPTH
from ssoplanner.core.models import Plan
from ssoplanner.recompute.bulk import update_many
from ssoplanner.recompute.saving import saving
from ssoplanner.recompute.writer import Actor, new_rows, store_rows
from ssoplanner.starter.once import one_at_a_time
from ssoplanner.uploads.refusal import UploadRefused

SALT = "assess.capability_import"
KEPT_SECONDS = 24 * 3600
MAX_SIGNED = 3_000_000  # characters that go to the page and come back; forms may bring five million bytes
TOO_MUCH = ("The file holds more text than a preview can carry.", "Split it into several files.")


@dataclass(frozen=True)
class Change:
    """A capability of the plan that the file names or describes otherwise: field -> (before, after)."""

    where: str
    row: Capability
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Preview:
    """What bringing the file in would do. `added` stand in an order in which each follows the one above it."""

    title: str
    added: Sequence[FileRow]
    changed: Sequence[Change]
    same: int
    problems: Sequence[Problem]
    notes: Sequence[str]

    @property
    def does_something(self) -> bool:
        return bool(self.added or self.changed)


class CannotImport(Exception):
    """Nothing was brought in; `str()` says why."""


def preview(plan: Plan, content: Content) -> Preview:
    """What would become of each row, by the plan as it is now. Three queries."""
    known = {row.code: row for row in Capability.objects.for_plan(plan)}
    rated = set(CapabilityRating.objects.for_plan(plan).values_list("capability_id", flat=True).distinct())
    rows, problems = _once(content.rows)
    new = {row.code: row for row in rows if row.code not in known}
    tree = _Tree(new, {node.row.code: node.level for node in walk(build_tree(known.values()))})
    refused: dict[str, Problem] = {}
    for row in new.values():
        above = known.get(row.parent)
        text = tree.refusal(row) or (RATED.format(above) if above and above.pk in rated else "")
        if text:
            refused[row.code] = Problem(row.where, text)
    _leave_out_below(new, refused)
    changed = [change for row in rows if row.code in known and (change := _change(row, known[row.code]))]
    added = sorted((row for row in new.values() if row.code not in refused), key=tree.level)
    return Preview(
        title=content.title,
        added=added,
        changed=changed,
        same=sum(row.code in known for row in rows) - len(changed),
        problems=[*content.problems, *problems, *refused.values()],
        notes=content.notes,
    )


def bring_in(plan: Plan, actor: Actor, content: Content) -> Preview:
    """Do what the preview said, as far as it still holds; returns what was done."""
    with saving():
        one_at_a_time(plan)
        found = preview(plan, content)
        stored = {row.code: row for row in Capability.objects.for_plan(plan)}
        places = _places(stored.values())
        for level in range(1, DEPTH + 1):
            wave = [row for row in found.added if _stands_at(row, found.added) == level]
            if not wave:
                continue
            values = [_values(row, stored, places) for row in wave]
            made = new_rows(Capability, plan=plan, rows=values)
            for row in store_rows(made, plan=plan, actor=actor, label=f"capabilities of {content.title}"[:240]):
                stored[row.code] = row
        wanted = [
            (one.row.pk, one.row.version, {name: after for name, (_, after) in one.fields.items()})
            for one in found.changed
        ]
        update_many(Capability, plan=plan, actor=actor, rows=wanted)
    return found


def sealed(plan: Plan, content: Content) -> str:
    """The content as text that only this plan takes back. Raises UploadRefused if it is too much."""
    parts = {"title": content.title, "notes": content.notes}
    rows = [list(asdict(row).values()) for row in content.rows]
    problems = [[one.where, one.text] for one in content.problems]
    text = signing.dumps([plan.pk, parts, rows, problems], salt=SALT, compress=True)
    if len(text) > MAX_SIGNED:
        raise UploadRefused(*TOO_MUCH)
    return text


def unsealed(plan: Plan, text: str) -> Content:
    """Raises `CannotImport` for what was changed on the way, is another plan's or was kept too long."""
    try:
        owner, parts, rows, problems = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
    except signing.SignatureExpired as error:
        raise CannotImport("This preview is more than a day old. Upload the file again.") from error
    except (signing.BadSignature, ValueError) as error:
        raise CannotImport("The preview did not come back whole. Upload the file again.") from error
    if owner != plan.pk:
        raise CannotImport("This preview is of another plan. Upload the file again.")
    found = [FileRow(*row) for row in rows]
    return Content(parts["title"], found, [Problem(*one) for one in problems], parts["notes"])


def _once(rows: Iterable[FileRow]) -> tuple[list[FileRow], list[Problem]]:
    """The first row of each code, and a problem for each later one."""
    found: dict[str, FileRow] = {}
    problems = []
    for row in rows:
        if row.code in found:
            first = found[row.code].where
            problems.append(Problem(row.where, f"{first} has the code {row.code} already. Keep one of them."))
        else:
            found[row.code] = row
    return list(found.values()), problems


RATED = "Agencies have rated {}, and only the lowest level is rated. Choose another parent."


@dataclass(frozen=True)
class _Tree:
    """Where new rows would stand: `known` is the level of each code of the plan."""

    new: Mapping[str, FileRow]
    known: Mapping[str, int]

    def level(self, row: FileRow) -> int:
        """From 1; 0 for a row that stands under itself."""
        level, seen, code = 1, {row.code}, row.parent
        while code in self.new:
            if code in seen:
                return 0
            seen.add(code)
            level, code = level + 1, self.new[code].parent
        return level + self.known.get(code, 0)

    def refusal(self, row: FileRow) -> str:
        """Why the row cannot be added where the file wants it; empty where it can."""
        if not row.parent:
            return ""
        if row.parent not in self.new and row.parent not in self.known:
            return (
                f"Its parent {row.parent} is neither in the file nor in the plan. Add a row for it, or give the code "
                "of one that exists."
            )
        level = self.level(row)
        if not level:
            return f"{row.code} would stand under itself. Give it another parent."
        if level > DEPTH:
            return f"{row.code} would stand on level {level}. The tree has three: choose a parent of a higher level."
        return ""


def _leave_out_below(new: Mapping[str, FileRow], refused: dict[str, Problem]) -> None:
    """What stands below a row that is left out is left out too."""
    more = True
    while more:
        more = False
        for row in new.values():
            if row.code not in refused and row.parent in refused:
                refused[row.code] = Problem(row.where, f"Its parent {row.parent} is left out. Mend that row first.")
                more = True


def _change(row: FileRow, stored: Capability) -> Change | None:
    fields: dict[str, tuple[str, str]] = {}
    if row.named and row.name != stored.name:
        fields["name"] = (stored.name, row.name)
    if row.description and row.description != stored.description:
        fields["description"] = (stored.description, row.description)
    return Change(row.where, stored, fields) if fields else None


def _stands_at(row: FileRow, added: Sequence[FileRow]) -> int:
    """In which wave it is stored: after the one above it, if that is new."""
    new = {one.code: one for one in added}
    level, code = 1, row.parent
    while code in new:
        level, code = level + 1, new[code].parent
    return level


def _places(rows: Iterable[Capability]) -> dict[int | None, int]:
    """Below which -> the last place there."""
    found: dict[int | None, int] = {}
    for row in rows:
        found[row.parent_id] = max(found.get(row.parent_id, 0), row.place)
    return found


def _values(row: FileRow, stored: Mapping[str, Capability], places: dict[int | None, int]) -> dict[str, Any]:
    parent = stored.get(row.parent) if row.parent else None
    above = parent.pk if parent else None
    places[above] = places.get(above, 0) + 1
    facts = {"code": row.code, "name": row.name, "description": row.description, "source": row.source}
    return {**facts, "parent": parent, "place": places[above]}
