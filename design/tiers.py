"""What differs from one tier of jurisdiction to another in the steps of Design, where law or labour makes it so.

In general terms: each plan looks up its own law. What names a law of one country says which.
"""

from ssoplanner.core.models import Tier

SCOPE = (
    (
        Tier.FEDERAL,
        (
            "A service that a statute assigns to one department stays there until the statute is changed, "
            "however well it would fit. Put it under later, with the statute as the reason."
        ),
    ),
    (
        Tier.STATE,
        (
            "Look up which tasks the constitution or a statute gives to an officer who is elected "
            "separately. Those come into scope by agreement only."
        ),
    ),
    (
        Tier.REGIONAL,
        (
            "A region has the powers that its members or the tier above gave it. A service without such a "
            "ground needs one before it is in scope."
        ),
    ),
    (
        Tier.MUNICIPAL,
        (
            "What a municipality does on behalf of a higher tier follows that tier’s rules. Ask it before "
            "the service moves."
        ),
    ),
)
AGENCIES = (
    (
        Tier.FEDERAL,
        (
            "An agency joins in the year for which its appropriation says so. Plan its entry by the budget "
            "cycle, not by the project."
        ),
    ),
    (
        Tier.STATE,
        (
            "Courts, the legislature and public universities are often outside the executive’s orders. Win "
            "them; do not count on a mandate."
        ),
    ),
    (
        Tier.REGIONAL,
        ("Every member’s council decides for itself. Leave as much time as the slowest calendar of sessions needs."),
    ),
    (
        Tier.MUNICIPAL,
        (
            "Companies and utilities that the municipality owns have boards of their own. Treat them as "
            "customers who may say no."
        ),
    ),
)
GOVERNANCE = (
    (
        Tier.FEDERAL,
        (
            "A mandate from the center of government gives a board authority, and only over what was "
            "delegated. Write down what it may not decide."
        ),
    ),
    (
        Tier.STATE,
        (
            "Seat the officers who are elected separately: a board without them decides for agencies that it "
            "cannot bind."
        ),
    ),
    (
        Tier.REGIONAL,
        (
            "Votes are the founding agreement’s business: one a member, or by population or contribution. "
            "Settle that before the first vote about money."
        ),
    ),
    (
        Tier.MUNICIPAL,
        (
            "The council stays responsible for what it hands over. Say what comes back to it, and how a "
            "single councillor can ask."
        ),
    ),
)
FUNDING = (
    (
        Tier.FEDERAL,
        (
            "Money passes between agencies only by a way that the law opens: an annual appropriation, a "
            "reprogramming, a revolving or franchise fund, a fee for service, or a technology fund. Choose "
            "the way before the method."
        ),
    ),
    (
        Tier.STATE,
        (
            "In the United States, what federal programs pay of central services has to be allowable under 2 "
            "CFR 200, appendix V. So keep the full cost and the federal-allowable cost apart, and allocated "
            "services apart from billed ones."
        ),
    ),
    (
        Tier.REGIONAL,
        (
            "The founding agreement says how members contribute. Another key of division may need the "
            "consent of each of them."
        ),
    ),
    (
        Tier.MUNICIPAL,
        (
            "Undertakings with accounts of their own must not carry the cost of others. Show their share "
            "apart, with its ground."
        ),
    ),
)
AGREEMENTS = (
    (
        Tier.FEDERAL,
        (
            "One department cannot sue another. What follows when a target is missed is written as steps: a "
            "talk, a plan, the board, a reduced fee."
        ),
    ),
    (
        Tier.STATE,
        (
            "Agencies that join by consent want to know how they leave: notice, data, people, and who pays "
            "for the way back."
        ),
    ),
    (
        Tier.REGIONAL,
        (
            "Members are governments, so the agreement is a contract between governments: each has to "
            "approve it by its own procedure."
        ),
    ),
    (
        Tier.MUNICIPAL,
        ("Citizens’ deadlines come from law. An internal target that is longer than such a deadline is no target."),
    ),
)
