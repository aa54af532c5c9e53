"""What must come into a plan once, however many people ask for it at the same time."""

from ssoplanner.core.models import Plan


def one_at_a_time(plan: Plan) -> None:
    """Until the transaction ends, whoever else calls this for the plan waits, and then sees what was added."""
    # no_key: rows that only refer to the plan are saved meanwhile. SQLite has one writer at a time anyway.
    Plan._base_manager.select_for_update(no_key=True).get(pk=plan.pk)
