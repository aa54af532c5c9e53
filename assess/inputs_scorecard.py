"""From the results that the first gate stands on, and what else the plan says, to what its calculations take.

A result that is incomplete makes its criterion unknown; the rest of the scorecard stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from assess.calc import completeness, gate
from assess.models import AuditorAnswer, Rater, RiskScore, Settled
from assess.risk_texts import PHASE, QUESTIONS
from ssoplanner.core.models import Agency, AgencyStatus, Plan
from ssoplanner.phases import PHASES
from ssoplanner.recompute.calculations import Incomplete, Missing, Payload, Upstream
from ssoplanner.steps.models import Risk, StepProgress
from ssoplanner.steps.registry import steps_by_phase
from ssoplanner.web.raid import MUCH, exposure
from ssoplanner.web.tasks.own import OPEN_RISKS

PROCUREMENT = "procurement"
DATA_QUALITY = "data_quality"
NO_AGENCIES = Missing("No agency takes part yet. Add the agencies first.", "agencies")
NOT_THERE: Payload = {"incomplete": []}


def load_completeness(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> completeness.PlanInput | Incomplete:
    """What each service has of the figures that it is compared by, and who is in the program."""
    found = Agency.objects.using(db).filter(plan_id=plan_id).exclude(status=AgencyStatus.LEFT).order_by("pk")
    agencies = frozenset(found.values_list("pk", flat=True))
    if not agencies:
        return Incomplete((NO_AGENCIES,))
    services = (
        completeness.ServiceInput(int(pk), state["given"][0], state["given"][1], frozenset(state["providers"]))
        for pk, state in upstream["assess.service_state"].items()
    )
    return completeness.PlanInput(agencies, tuple(services))


def load_gate(db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date) -> gate.GateInput:
    """Every criterion's figure with what stands behind it."""
    found = {key: parts.get("", NOT_THERE) for key, parts in upstream.items()}
    log = _log(db, plan_id)
    dated, following = _schedule(db, plan_id)
    return gate.GateInput(
        thresholds=_thresholds(db, plan_id),
        readiness=_readiness(found["assess.readiness_map"]),
        alignment=_alignment(found["assess.alignment"]),
        quick_wins=_quick_wins(found["assess.heat_map"]),
        capability_gaps=_capability_gaps(found["assess.capability_map"]),
        completeness=gate.Known(found["assess.completeness"].get("share")),
        data_quality=_data_quality(found["assess.technology_map"]),
        questions=_questions(db, plan_id),
        asked_questions=len(QUESTIONS),
        scores=_scores(found["assess.plan_risk"]),
        procurement=_procurement(db, plan_id),
        log=len(log),
        major=len([one for one in log if one[0]]),
        unhandled=len([one for one in log if one[0] and not one[1]]),
        dated=dated,
        next_steps=following,
    )


def _thresholds(db: str, plan_id: int) -> gate.Thresholds:
    names = ("readiness", "alignment", "completeness", "quick_wins", "capability_gaps")
    values = Plan.objects.using(db).values_list(*(f"{name}_threshold" for name in names)).get(pk=plan_id)
    readiness, alignment, complete, wins, gaps = values
    return gate.Thresholds(float(readiness), float(alignment), float(complete), wins, gaps)


# --- Of results -----------------------------------------------------------------------------------------------------


def _readiness(found: Payload) -> gate.Known:
    if "overall" not in found:
        return gate.Known()
    scores = found["agencies"]["overall"]
    return gate.Known(found["overall"], sum(score is not None for score in scores), len(scores))


def _alignment(found: Payload) -> gate.Known:
    return gate.Known(found.get("share"), found.get("asked", 0), found.get("executives", 0))


def _quick_wins(found: Payload) -> gate.Known:
    return gate.Known(found["group"].count("quick_win") if "group" in found else None)


def _capability_gaps(found: Payload) -> gate.Known:
    totals: Mapping[str, Any] = found.get("totals", {})
    return gate.Known(totals.get("open_gaps"), totals.get("rated", 0), totals.get("expected", 0))


def _data_quality(found: Payload) -> gate.Known:
    agencies = len(found["agencies"]["agency"]) if "agencies" in found else 0
    rated = found["aspects"][DATA_QUALITY]["rated"] if "aspects" in found else 0
    return gate.Known(None, rated, agencies)


def _scores(found: Payload) -> tuple[float | None, float | None]:
    """Of each side that has rated every risk, or called it not applicable."""
    sides = [found.get(rater.value) for rater in (Rater.OWN, Rater.INDEPENDENT)]
    own, independent = (side["score"] if side and not side["not_rated"] else None for side in sides)
    return own, independent


# --- Of rows --------------------------------------------------------------------------------------------------------


def _questions(db: str, plan_id: int) -> tuple[bool, ...]:
    rows = AuditorAnswer.objects.using(db).filter(plan_id=plan_id, question__in=[one.key for one in QUESTIONS])
    return tuple(said == Settled.YES for said in rows.order_by("pk").values_list("how_far", flat=True))


def _procurement(db: str, plan_id: int) -> tuple[int, ...]:
    rows = RiskScore.objects.using(db).filter(plan_id=plan_id, phase=PHASE, risk=PROCUREMENT, score__isnull=False)
    return tuple(rows.order_by("pk").values_list("score", flat=True))


def _log(db: str, plan_id: int) -> list[tuple[bool, bool]]:
    """Of each risk of the log: is it open and of high exposure, and has it an owner and a date?"""
    rows = Risk.objects.using(db).filter(plan_id=plan_id).order_by("pk")
    facts = rows.values_list("status", "probability", "impact", "owner_id", "due")
    return [
        (status in OPEN_RISKS and exposure(probability, impact) >= MUCH, owner is not None and due is not None)
        for status, probability, impact, owner, due in facts
    ]


def _schedule(db: str, plan_id: int) -> tuple[int, int]:
    """Steps of the next phase with a due date, and all of them."""
    following = PHASES[[phase.key for phase in PHASES].index(PHASE) + 1]
    keys = [step.key for phase, own in steps_by_phase() if phase is following for step in own]
    rows = StepProgress.objects.using(db).filter(plan_id=plan_id, step__in=keys, due__isnull=False)
    return rows.count(), len(keys)
