"""What the pages of the tree show: all capabilities with ways to move them, and one capability by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from assess.capability_metrics import IN_TABLE, may_read
from assess.capability_tree import Node, tree, walk
from assess.models import Candidate, Capability
from assess.models.architecture import DEPTH
from assess.policy import JUDGES
from assess.starter_capabilities import counts
from ssoplanner.access.gate import Member
from ssoplanner.access.results import results
from ssoplanner.web import formats
from ssoplanner.web.search import fold

MAP = ("assess.capability_map", "")
FEW = 40  # capabilities that are all shown at once
LONGEST_SEARCH = 100
WORDS = {"own": "on their own", "shared": "shared with others", "outsourced": "outsourced", "none": "not performed"}


@dataclass(frozen=True)
class Line:
    """A capability in the tree: which buttons it has, and whether what stands below it is shown at first."""

    row: Capability
    level: int
    below: Sequence[Line]
    leaves: int
    is_open: bool
    moves: Sequence[tuple[str, str]]
    edit_url: str
    url: str
    add_url: str


def tree_page(member: Member, asked: QueryDict, moved: int | None = None) -> dict[str, Any]:
    """The tree, or what the search finds in it with those above. One query however many there are."""
    plan = member.plan
    nodes = tree(Capability.objects.for_plan(plan))
    words = fold(asked.get("q", "").strip()[:LONGEST_SEARCH]).split()
    every = list(walk(nodes))
    shown = {node.row.pk for node in _found(nodes, words)} if words else None
    found = sum(_matches(node, words) for node in every) if words else len(every)
    areas, leaves = counts()
    can_edit = member.has(*JUDGES)
    draw = _Drawing(member, can_edit, shown, moved, len(every) <= FEW)
    return {
        "lines": draw.lines(nodes),
        "can_edit": can_edit,
        "search": asked.get("q", "").strip()[:LONGEST_SEARCH],
        "found": found,
        "total": len(every),
        "leaves": sum(node.is_leaf for node in every),
        "starter": {"areas": areas, "leaves": leaves},
        "add_url": reverse("capability_new", kwargs={"slug": plan.slug}),
        "import_url": reverse("capability_import", kwargs={"slug": plan.slug}),
        "map_url": reverse("architecture", kwargs={"slug": plan.slug}),
        "url": reverse("capabilities", kwargs={"slug": plan.slug}),
    }


def _matches(node: Node, words: Sequence[str]) -> bool:
    text = fold(f"{node.row.code} {node.row.name} {node.row.description}")
    return all(word in text for word in words)


def _found(nodes: Sequence[Node], words: Sequence[str]) -> Iterator[Node]:
    """Those that match, and those above them."""
    for node in nodes:
        below = list(_found(node.children, words))
        if below or _matches(node, words):
            yield node
            yield from below


@dataclass(frozen=True)
class _Drawing:
    member: Member
    can_edit: bool
    shown: set[int] | None
    moved: int | None
    all_open: bool

    def lines(self, nodes: Sequence[Node]) -> list[Line]:
        return [self._line(node) for node in nodes if self.shown is None or node.row.pk in self.shown]

    def _line(self, node: Node) -> Line:
        below, slug = self.lines(node.children), self.member.plan.slug
        keys = {"slug": slug, "capability_id": node.row.pk}
        holds = self.moved is not None and any(one.row.pk == self.moved for one in walk(node.children))
        return Line(
            row=node.row,
            level=node.level,
            below=below,
            leaves=sum(one.is_leaf for one in walk(node.children)),
            is_open=self.all_open or self.shown is not None or holds,
            moves=list(_moves(node)) if self.can_edit and self.shown is None else [],
            url=reverse("capability", kwargs=keys),
            edit_url=reverse("capability_edit", kwargs=keys) if self.can_edit else "",
            add_url=f"{reverse('capability_new', kwargs={'slug': slug})}?parent={node.row.pk}"
            if self.can_edit and node.level < DEPTH
            else "",
        )


def _moves(node: Node) -> Iterator[tuple[str, str]]:
    """(step, what its button says), of those that can be taken."""
    if node.position > 1:
        yield "up", "Up"
    if node.position < node.siblings:
        yield "down", "Down"
    if node.position > 1 and node.level + _height(node) <= DEPTH:
        yield "in", "In"
    if node.level > 1:
        yield "out", "Out"


def _height(node: Node) -> int:
    """How many levels its branch has."""
    return 1 + max((_height(one) for one in node.children), default=0)


# --- One capability -------------------------------------------------------------------------------------------------


def capability_page(member: Member, row: Capability) -> dict[str, Any]:
    """What it is, what the agencies say of it, and what people concluded."""
    plan = member.plan
    whole = results(member, [MAP]).get(MAP)
    figures = whole.figures if whole else None
    nodes = figures["nodes"] if figures else None
    place = nodes["id"].index(row.pk) if nodes and row.pk in nodes["id"] else None
    verdict = Candidate.objects.for_plan(plan).filter(capability=row).first()
    keys = {"slug": plan.slug, "capability_id": row.pk}
    return {
        "row": row,
        "above": list(_above(row)),
        "below": list(Capability.objects.for_plan(plan).filter(parent=row)),
        "services": list(row.services.all()),
        "figures": _figures(member, nodes, place) if nodes and place is not None else None,
        "verdict": verdict,
        "edit_url": reverse("capability_edit", kwargs=keys) if member.has(*JUDGES) else "",
        "judge_url": reverse("candidate_verdict", kwargs=keys) if member.has(*JUDGES) else "",
    }


def _above(row: Capability) -> Iterator[Capability]:
    parent = row.parent
    if parent is not None:
        yield from _above(parent)
        yield parent


def _figures(member: Member, nodes: Any, place: int) -> dict[str, Any]:
    plan = member.plan
    if not may_read(member, nodes, place):
        return {"too_few": True}
    counts = {key: nodes["ownership"][key][place] for key in WORDS}
    return {
        "stats": [(one.label, one.text(one.values(nodes)[place], plan), one.unit) for one in IN_TABLE],
        "ownership": [(WORDS[key], formats.number(count, plan)) for key, count in counts.items() if count],
        "ratings": formats.counted(nodes["ratings"][place], "rating", "ratings", plan),
    }
