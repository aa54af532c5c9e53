"""What differs from one tier of jurisdiction to another in the steps of Optimize, where law or labour makes it so.

In general terms: each plan looks up its own law. What names a law of one country says which.
"""

from ssoplanner.core.models import Tier

WORKFORCE = (
    (
        Tier.FEDERAL,
        ("Numbers are often capped by position, not by money. Plan in positions and in cost."),
    ),
    (
        Tier.STATE,
        (
            "Job families differ from agency to agency. Agree on one list with those who bargain for them "
            "before you forecast."
        ),
    ),
    (
        Tier.REGIONAL,
        ("Members compete for the same people. Plan talent pools for the region, and say who may recruit from whom."),
    ),
    (
        Tier.MUNICIPAL,
        ("Retirements of a few people can end a service. List the tasks that one person alone can do."),
    ),
)
