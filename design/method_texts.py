"""The methods of cost allocation in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from design.calc import fair_shares


@dataclass(frozen=True)
class MethodText:
    """`name` in a table, `by` within "Divided ...", `rule` in one sentence."""

    name: str
    by: str
    rule: str
    figure: str = ""  # what an agency has to give for it


TEXTS = {
    fair_shares.EQUAL: MethodText("Equal parts", "in equal parts", "Every agency pays the same, large or small."),
    fair_shares.HEADCOUNT: MethodText(
        "Headcount", "by headcount", "In proportion to the people an agency employs.", "headcount"
    ),
    fair_shares.USERS: MethodText(
        "End users", "by end users", "In proportion to the end users of an agency.", "number of end users"
    ),
    fair_shares.BUDGET: MethodText(
        "Operating budget", "by operating budget", "In proportion to the budget of an agency.", "operating budget"
    ),
    fair_shares.TODAY: MethodText(
        "Today’s cost",
        "by today’s cost",
        "In proportion to what the same services cost an agency today: all save the same share, and those that were "
        "thrifty are not rewarded.",
        "cost of these services today",
    ),
    fair_shares.USE: MethodText(
        "Use",
        "by use",
        "Each service by its volume; what all services stand on in proportion to what an agency pays for them.",
    ),
    fair_shares.SCRB: MethodText(
        "Separable costs",
        "by separable costs and remaining benefits",
        "Each agency pays what the whole would cost less without it; the rest is divided by what each saves against "
        "going alone.",
    ),
    fair_shares.SHAPLEY: MethodText(
        "Shapley value",
        "by the Shapley value",
        "Each agency pays what it adds to the cost, on average over all orders in which the agencies may join.",
    ),
    fair_shares.NUCLEOLUS: MethodText(
        "Nucleolus",
        "by the nucleolus",
        "The group that gains least from joining gains as much as it can, then the next.",
    ),
}
# Where two methods meet as little objection, the one that is easier to defend comes first.
PREFERRED = (
    fair_shares.SHAPLEY,
    fair_shares.SCRB,
    fair_shares.NUCLEOLUS,
    fair_shares.USE,
    *fair_shares.DRIVEN,
)
