"""What the search finds of Assess; ssoplanner.web.views.search finds `KINDS` by name."""

from __future__ import annotations

from collections.abc import Iterator

from assess.models import Capability, Challenge, Sponsor
from ssoplanner.access.gate import Member
from ssoplanner.web.search import Entry


def challenges(member: Member) -> Iterator[Entry]:
    for title, detail in Challenge.objects.for_plan(member.plan).values_list("title", "detail"):
        yield Entry(title, "reasons", note=detail, suffix="#challenges")


def executives(member: Member) -> Iterator[Entry]:
    """By name and office; what is said of their position is not looked through, as not everybody may read it."""
    for name, office in Sponsor.objects.for_plan(member.plan).values_list("name", "office"):
        yield Entry(name, "reasons", note=office, suffix="#sponsors")


def capabilities(member: Member) -> Iterator[Entry]:
    rows = Capability.objects.for_plan(member.plan).values_list("pk", "code", "name", "description")
    for pk, code, name, description in rows:
        yield Entry(name, "capability", {"capability_id": pk}, code=code, note=description)


# (title, the page that whoever finds them may open, what there is)
KINDS = (
    ("Challenges", "reasons", challenges),
    ("Executives and sponsors", "reasons", executives),
    ("Capabilities", "capability", capabilities),
)
