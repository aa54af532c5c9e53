"""What the step's page shows of the costs."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict

from design.pages import costs_part
from design.pages_shares import shares_page

register = template.Library()


@register.simple_tag(takes_context=True)
def cost_summary(context: dict[str, Any]) -> dict[str, Any]:
    """The verdict and the figures, as far as the reader of the page may see them."""
    return costs_part(context["member"])


@register.simple_tag(takes_context=True)
def shares_summary(context: dict[str, Any]) -> dict[str, Any]:
    """The same of who pays what."""
    return shares_page(context["member"], QueryDict())
