"""Who may open the pages of Design. What they show follows each result's audience."""

from ssoplanner.access.policy import Rule, members
from ssoplanner.core.models import Role

PLANS_COSTS = (Role.OFFICE, Role.ANALYST)

POLICY: dict[str, Rule] = {
    # The single pools are for those who see all of the plan; leads and viewers read the totals once they are released.
    "costs": members(),
    "shares": members(),
    "cost_pool_new": members(read=PLANS_COSTS, write=PLANS_COSTS),
    "cost_pool_edit": members(read=PLANS_COSTS, write=PLANS_COSTS),
    "cost_pool_delete": members(read=PLANS_COSTS, write=PLANS_COSTS),
}
