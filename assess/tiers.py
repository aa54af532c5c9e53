"""What differs from one tier of jurisdiction to another in the steps of Assess, where law or labour makes it so.

In general terms: each plan looks up its own law. What names a law of one country says which.
"""

from ssoplanner.core.models import Tier

READINESS = (
    (
        Tier.FEDERAL,
        (
            "Ask whether a statute gives the agency a task that nobody else may perform, and when its next "
            "budget is decided: both limit how soon it can be ready."
        ),
    ),
    (
        Tier.STATE,
        (
            "Agencies under an officer who is elected separately answer to that officer. Their readiness to "
            "join is a matter of consent, so ask for it by name."
        ),
    ),
    (
        Tier.REGIONAL,
        (
            "Each member government has a council of its own. Ask for the readiness of the member as a "
            "whole, not of one of its offices."
        ),
    ),
    (
        Tier.MUNICIPAL,
        (
            "Small municipalities have one person for several tasks. Ask what happens to that person’s other "
            "tasks before you call the capacity ready."
        ),
    ),
)
