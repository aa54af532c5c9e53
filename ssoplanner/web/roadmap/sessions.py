"""The ten sessions as a plan has them: each agenda beside the state and the owner of the steps that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from ssoplanner.core.models import Plan
from ssoplanner.phases import PHASES, Phase
from ssoplanner.steps.sessions import SESSIONS, AgendaItem, Session
from ssoplanner.web.roadmap.gates import phase_url
from ssoplanner.web.roadmap.lines import StepLine, step_lines


@dataclass(frozen=True)
class ItemLine:
    item: AgendaItem
    lines: tuple[StepLine, ...]


@dataclass(frozen=True)
class SessionLine:
    """`room` names who should be there; `lines` are all its steps; `anchor` is its place on the page of sessions."""

    session: Session
    phase: Phase
    phase_url: str
    room: tuple[str, ...]
    items: tuple[ItemLine, ...]
    lines: tuple[StepLine, ...]
    anchor: str

    @property
    def complete(self) -> int:
        return sum(1 for line in self.lines if line.is_complete)


def session_lines(plan: Plan) -> tuple[SessionLine, ...]:
    """All ten: two queries."""
    by_key = {line.key: line for line in step_lines(plan)}
    return tuple(_line(plan, session, by_key) for session in SESSIONS)


def sessions_url(plan: Plan, session: Session | None = None) -> str:
    page = reverse("sessions", kwargs={"slug": plan.slug})
    return f"{page}#{anchor(session)}" if session else page


def anchor(session: Session) -> str:
    return f"session-{session.number}"


def _line(plan: Plan, session: Session, by_key: Mapping[str, StepLine]) -> SessionLine:
    [phase] = [one for one in PHASES if one.key == session.phase]
    return SessionLine(
        session=session,
        phase=phase,
        phase_url=phase_url(plan, phase.key),
        room=(*(str(role.label) for role in session.roles), *session.guests),
        items=tuple(ItemLine(item, tuple(by_key[key] for key in item.steps)) for item in session.agenda),
        lines=tuple(by_key[key] for key in session.steps),
        anchor=anchor(session),
    )
