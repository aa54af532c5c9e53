"""Agencies and their provisions as people might give them: anything may be unknown."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from assess.calc.agency_state import AgencyInput, ProvisionInput
from assess.calc.service_state import ProviderInput

some = settings(max_examples=40, deadline=None)  # drawing them takes longer than computing
CENTS, COUNTS = st.integers(0, 10**14), st.integers(0, 10**7)


def maybe(known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | known


@st.composite
def sla(draw: st.DrawFn) -> dict[str, int | None]:
    """Targets met and in all: both or neither."""
    total = draw(maybe(st.integers(0, 50)))
    return {"sla_met": None if total is None else draw(st.integers(0, total)), "sla_total": total}


@st.composite
def provisions(draw: st.DrawFn) -> ProvisionInput:
    return ProvisionInput(
        service=draw(st.integers(1, 50)),
        area=draw(st.sampled_from(["IT", "it", "HR"])),
        volume_unit=draw(st.sampled_from(["ticket", "Tickets ", "payslip"])),
        cost_cents=draw(maybe(CENTS)),
        fte_hundredths=draw(maybe(COUNTS)),
        volume=draw(maybe(COUNTS)),
        resolution_hundredths=draw(maybe(COUNTS)),
        has_sop=draw(maybe(st.booleans())),
        automated_tenthousandths=draw(maybe(st.integers(0, 10_000))),
        has_dashboard=draw(maybe(st.booleans())),
        **draw(sla()),
    )


@st.composite
def agencies(draw: st.DrawFn) -> AgencyInput:
    """One with each service once, as the database has it."""
    rows = draw(st.lists(provisions(), max_size=8, unique_by=lambda row: row.service))
    return AgencyInput(2026, draw(maybe(COUNTS)), draw(st.integers(0, 20)), tuple(rows))


@st.composite
def providers(draw: st.DrawFn) -> ProviderInput:
    cost, fte, volume, users = draw(maybe(CENTS)), draw(maybe(COUNTS)), draw(maybe(COUNTS)), draw(maybe(COUNTS))
    sop, automated = draw(maybe(st.booleans())), draw(maybe(st.integers(0, 10_000)))
    given = {"has_sop": sop, "automated_tenthousandths": automated, **draw(sla())}
    return ProviderInput(draw(st.integers(1, 999)), cost, fte, volume, users, **given)
