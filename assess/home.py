"""What Assess shows on the home page of a plan."""

from assess.pages import summary
from ssoplanner.access.gate import Member
from ssoplanner.web.home import Panel


def current_state(member: Member) -> Panel:
    return Panel("assess/_current_state_panel.html", summary(member))


PANELS = (current_state,)
