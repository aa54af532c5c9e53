"""The page on which an agency rates its technology: the eight aspects, how far it is, and the state of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from assess.architecture_texts import ASPECTS, AspectText
from assess.calc.architecture import NEEDED
from assess.forms_architecture import LEVEL_CHOICES, NUMBERS, UNKNOWN, TypedAspect, shown_aspect
from assess.models import TechnologyRating
from assess.pages_readiness_answer import Option, Said
from ssoplanner.access.gate import Member
from ssoplanner.core.models import Agency
from ssoplanner.recompute.writer import Conflict
from ssoplanner.web import formats
from ssoplanner.web.views.rows import plan_crumb, plan_url

NOT_KNOWN = "Don’t know yet"
NOTHING_SAID = Said()


@dataclass(frozen=True)
class AspectLine:
    """One aspect as the page shows it, with what is stored or what was typed."""

    number: int
    text: AspectText
    typed: TypedAspect
    levels: tuple[Option, ...]
    unknown: Option
    save_url: str
    said: Said = NOTHING_SAID

    @property
    def is_rated(self) -> bool:
        return self.typed.choice in LEVEL_CHOICES and bool(self.typed.evidence)

    @property
    def fields(self) -> str:
        """The names of its fields, which are sent when it is saved by itself."""
        return ",".join(f"q{self.number}-{name}" for name in ("choice", "evidence", "version"))


@dataclass(frozen=True)
class AspectProgress:
    rated: int
    total: int
    next: AspectLine | None


def stored_aspects(agency: Agency) -> dict[str, TypedAspect]:
    """Aspect -> what is stored of it: one query."""
    rows = TechnologyRating.objects.for_plan(agency.plan).filter(agency=agency)
    return {row.aspect: shown_aspect(row) for row in rows}


def aspect_lines(
    member: Member, agency: Agency, typed: Mapping[str, TypedAspect], said: Mapping[str, Said] | None = None
) -> list[AspectLine]:
    return [
        aspect_line(member, agency, text, typed.get(text.key, TypedAspect()), (said or {}).get(text.key))
        for text in ASPECTS
    ]


def aspect_line(
    member: Member, agency: Agency, text: AspectText, typed: TypedAspect, said: Said | None = None
) -> AspectLine:
    levels = (
        Option(str(level), f"Level {level}", words, typed.choice == str(level))
        for level, words in enumerate(text.levels, start=1)
    )
    return AspectLine(
        number=NUMBERS[text.key],
        text=text,
        typed=typed,
        levels=tuple(levels),
        unknown=Option(UNKNOWN, NOT_KNOWN, "", typed.choice == UNKNOWN),
        save_url=plan_url(member, "technology_save", agency_id=agency.pk, aspect=str(text.key)),
        said=said or NOTHING_SAID,
    )


def aspect_progress(lines: Iterable[AspectLine]) -> AspectProgress:
    every = list(lines)
    missing = [line for line in every if not line.is_rated]
    return AspectProgress(len(every) - len(missing), len(every), missing[0] if missing else None)


def technology_page(member: Member, agency: Agency, lines: list[AspectLine], **more: Any) -> dict[str, Any]:
    """The whole page. `more` may name in `problems` the lines that could not be saved."""
    page = plan_url(member, "architecture_agency", agency_id=agency.pk)
    return {
        "agency": agency,
        "lines": lines,
        "progress": aspect_progress(lines),
        "needed": NEEDED,
        "page_url": page,
        "crumbs": agency_crumbs(member, agency),
        **more,
    }


def agency_crumbs(member: Member, agency: Agency | None = None) -> list[tuple[str, str]]:
    """The way to a page below the diagnostic, or below the page of an agency in it."""
    more = [(agency.name, plan_url(member, "architecture_agency", agency_id=agency.pk))] if agency else []
    return plan_crumb(member.plan, ("Architecture diagnostic", plan_url(member, "architecture")), *more)


def refused(error: ValidationError, tone: str) -> Said:
    return Said(tone, " ".join(error.messages))


def conflict_said(conflict: Conflict, line: AspectLine, member: Member) -> Said:
    """Who rated it otherwise meanwhile, and what both said."""
    first, theirs = conflict.fields[0], shown_aspect(conflict.row)  # type: ignore[arg-type]
    when = formats.moment(first.when, member.plan)
    told = (
        f"{first.who} saved “{_words(theirs)}” on {when}, after you opened this page. "
        f"Yours is “{_words(line.typed)}”. Choose which one stands."
    )
    return Said("conflict", told, conflict.version)


def _words(typed: TypedAspect) -> str:
    level = NOT_KNOWN if typed.choice == UNKNOWN else f"Level {typed.choice}" if typed.choice else "no level"
    return f"{level}; {typed.evidence}" if typed.evidence else level
