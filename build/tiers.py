"""What differs from one tier of jurisdiction to another in the steps of Build, where law or labour makes it so.

In general terms: each plan looks up its own law. What names a law of one country says which.
"""

from ssoplanner.core.models import Tier

PLATFORMS = (
    (
        Tier.FEDERAL,
        ("Look first for a framework contract of the whole government: it may save a tender, and its terms are known."),
    ),
    (
        Tier.STATE,
        (
            "Ask whether a cooperative contract of several states or provinces is open to you, and whether "
            "its terms fit your procurement law."
        ),
    ),
    (
        Tier.REGIONAL,
        (
            "Settle who buys: the region, one member for all, or each member under one contract. The rules "
            "that hold are the buyer’s."
        ),
    ),
    (
        Tier.MUNICIPAL,
        ("A small municipality has little weight alone. Ask to join a contract of the region or of the tier above."),
    ),
)
TEAM = (
    (
        Tier.FEDERAL,
        (
            "Staff who change department may stay in the same service: look up which grades, pensions and "
            "rights to return go with them."
        ),
    ),
    (
        Tier.STATE,
        (
            "Collective agreements often hold for an agency or an occupation, not for the government. Talk "
            "to the unions before positions are described."
        ),
    ),
    (
        Tier.REGIONAL,
        (
            "Who moves from a member to the region changes employer. Pension, seniority and place of work "
            "are settled person by person."
        ),
    ),
    (
        Tier.MUNICIPAL,
        ("Where one person does several tasks, half a position cannot move. Count whole people before you count FTE."),
    ),
)
