"""What the step's page shows of the heat map."""

from __future__ import annotations

from typing import Any

from django import template

from assess.pages_heat import summary

register = template.Library()


@register.simple_tag(takes_context=True)
def heat_summary(context: dict[str, Any]) -> dict[str, Any]:
    """The verdict, as far as the reader of the page may see it."""
    return summary(context["member"])
