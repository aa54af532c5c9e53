"""From rows to what the calculations of the gate take: who stands behind the plan, and how its risks are rated."""

from __future__ import annotations

from datetime import date

from assess.calc import alignment, plan_risk
from assess.models import Rater, RiskScore, Sponsor
from assess.risk_texts import PHASE, RISKS, project_size, weights
from ssoplanner.core.models import Agency, AgencyStatus
from ssoplanner.recompute.calculations import Incomplete, Missing, Upstream


def load_alignment(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> alignment.AlignmentInput | Incomplete:
    """The positions of the executives."""
    found = Sponsor.objects.using(db).filter(plan_id=plan_id, is_executive=True).order_by("pk")
    positions = tuple(found.values_list("position", flat=True))
    if not positions:
        return Incomplete((Missing("No executive is named yet. Name those who decide.", "reasons"),))
    return alignment.AlignmentInput(positions)


def load_plan_risk(
    db: str, plan_id: int, partition: str, upstream: Upstream, as_of: date
) -> plan_risk.PlanRiskInput | Incomplete:
    """What both sides say of the twelve risks, with the weights for a plan of this size."""
    found = RiskScore.objects.using(db).filter(plan_id=plan_id, phase=PHASE, risk__in=[risk.key for risk in RISKS])
    rows = list(found.order_by("pk").values_list("rater", "risk", "score"))
    if not rows:
        return Incomplete((Missing("None of the twelve risks is rated yet.", "risks"),))
    agencies = Agency.objects.using(db).filter(plan_id=plan_id).exclude(status=AgencyStatus.LEFT).count()
    size = project_size(agencies)
    return plan_risk.PlanRiskInput(
        size=size,
        agencies=agencies,
        weights=weights(size),
        own={risk: score for rater, risk, score in rows if rater == Rater.OWN},
        independent={risk: score for rater, risk, score in rows if rater == Rater.INDEPENDENT},
    )
