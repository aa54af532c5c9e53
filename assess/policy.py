"""Who may open the pages of Assess. What they show follows each result's audience."""

from ssoplanner.access.policy import Rule, members

POLICY: dict[str, Rule] = {
    "current_state": members(),
    "current_state_summary": members(),
}
