"""Filters and tags that every template has."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.forms import BaseForm, BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ssoplanner.core.models import Plan
from ssoplanner.web import formats
from ssoplanner.web.forms import required

register = template.Library()


@register.filter
def money(value: Decimal | None, plan: Plan) -> str:
    return formats.money(value, plan)


@register.filter
def number(value: Decimal | None, plan: Plan) -> str:
    return formats.number(value, plan)


@register.filter
def percent(value: Decimal | None, plan: Plan) -> str:
    return formats.percent(value, plan)


@register.filter
def day(value: date | None, plan: Plan) -> str:
    return formats.day(value, plan)


@register.filter
def moment(value: datetime | None, plan: Plan) -> str:
    return formats.moment(value, plan)


@register.filter
def is_marked(field: BoundField) -> bool:
    return required.is_marked(field)


@register.filter
def required_note(form: BaseForm) -> str:
    return required.note(form)


@register.simple_tag
def missing(text: str) -> SafeString:
    return format_html('<span class="missing">{}</span>', text)
