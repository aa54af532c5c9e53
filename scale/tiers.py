"""What differs from one tier of jurisdiction to another in the steps of Scale, where law or labour makes it so.

In general terms: each plan looks up its own law. What names a law of one country says which.
"""

from ssoplanner.core.models import Tier

EXPANSION = (
    (
        Tier.FEDERAL,
        ("Bring each wave into line with the budget year in which its agencies can pay."),
    ),
    (
        Tier.STATE,
        (
            "Keep a wave for those who join by consent: they come when the pilot’s figures convince them, "
            "not by the calendar."
        ),
    ),
    (
        Tier.REGIONAL,
        ("A new member changes the shares of all. Say by how much before its council votes."),
    ),
    (
        Tier.MUNICIPAL,
        ("Leave elections out of the calendar of waves: new councils look at old decisions again."),
    ),
)
