"""Figures, percentages, yes and no as people type them: what is read, what is refused, what is shown again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from ssoplanner.core.places import LOCALES
from ssoplanner.recompute.writer import update
from ssoplanner.web.forms.fields import Amount, LocaleNumber, Percent, WholeNumber
from tests.access.urls import address
from tests.web.browsing import Page, now, opened, save, sent
from tests.world import COMMAND, World

pytestmark = pytest.mark.django_db
# Beyond those that a plan can choose: other signs, marks of direction and groups.
MORE_LOCALES = ("sv_SE", "fi_FI", "he_IL", "fa_IR", "hi_IN", "pt_PT", "ar_EG", "it_CH")
AMOUNTS = st.decimals(min_value=-(10**14) + 1, max_value=10**14 - 1, places=4)
SHARES = st.decimals(min_value=0, max_value=1, places=4)


def set_plan(world: World, **values: Any) -> None:
    update(world.here.plan, actor=COMMAND, version=now(world.here.plan).version, values=values)


def test_a_percentage_is_kept_as_a_share_and_shown_as_a_percentage(world: World) -> None:
    lead, path = world.client("lead"), address("provision_edit", world.here)
    cases = {"75": "0.75", "75 %": "0.75", "75%": "0.75", " 12.5 ": "0.125", "33.33": "0.3333", "0": "0", "100": "1"}
    for typed, share in cases.items():
        save(lead, path, automated_share=typed)
        assert now(world.here.provision).automated_share == Decimal(share), typed
    save(lead, path, automated_share="12.5")
    page = Page(lead.get(path))
    assert page.values["automated_share"] == ["12.5"]
    assert "Share of workflows automated in % %" in page.text
    save(lead, path, automated_share="")
    assert now(world.here.provision).automated_share is None


def test_a_percentage_that_is_none_is_refused_with_what_would_be_right(world: World) -> None:
    lead, path = world.client("lead"), address("provision_edit", world.here)
    cases = {
        "101": "A share is at most 100 %. Give a figure from 0 to 100.",
        "-1": "A share is at least 0 %. Give a figure from 0 to 100.",
        "abc": "Give a percentage from 0 to 100, such as 75 or 12.5.",
        "%": "Give a percentage from 0 to 100, such as 75 or 12.5.",
        "7,5": "Give a percentage from 0 to 100, such as 75 or 12.5.",
        "12.345": "Give at most 2 decimals.",
    }
    values = opened(lead, path)
    for typed, sentence in cases.items():
        page = sent(lead, path, values, automated_share=typed)
        assert sentence in page.text, typed
        assert page.values["automated_share"] == [typed]
    assert now(world.here.provision).version == 1


SPACES = (" ", "\u00a0", "\u202f", "\u2009", "\u2007")
READ = {
    "en_US": {"1,200.50": "1200.5", "1200.50": "1200.5", "1 200.5": "1200.5", "12,345,678": "12345678", "+5": "5"},
    "sv_SE": {sign + "1 200,5": "-1200.5" for sign in ("-", "−", "\u200e-", "\u200e−")},
    "en_IN": {"12,34,567.5": "1234567.5"},
    "de_DE": {"1.200,50": "1200.5", "1200,5": "1200.5", "1.200": "1200", "1 200,5": "1200.5"},
    "de_CH": {"1’200.50": "1200.5", "1'200.50": "1200.5", "1200.5": "1200.5"},
    "fr_FR": {f"1{space}200,5": "1200.5" for space in SPACES} | {"1200,50": "1200.5", "1200.5": "1200.5"},
    "fr_CA": {f"12{space}345{space}678,5": "12345678.5" for space in SPACES},
}
ODD = {
    "en_US": ("Give a number, such as 1,200.50.", ("1.200,50", "12,00", "1,2345", "about 5", "1e5", "1_000", "5 USD")),
    "de_DE": ("Give a number, such as 1.200,50.", ("1,200.50", "1.50", "12.5", "1.2345", "fünf")),
    "de_CH": ("Give a number, such as 1’200.50.", ("1,200.50", "12'00")),
    "fr_FR": ("Give a number, such as 1 200,50.", ("1.200,50", "1.200", "12 00", "mille")),
}


def amount_in(locale: str) -> Amount:
    field = Amount(max_digits=15, decimal_places=2)
    field.write_as(locale)
    return field


@pytest.mark.parametrize("locale", READ)
def test_figures_are_read_as_the_locale_writes_them(locale: str) -> None:
    read = {typed: amount_in(locale).clean(typed) for typed in READ[locale]}
    assert read == {typed: Decimal(figure) for typed, figure in READ[locale].items()}


@pytest.mark.parametrize("locale", ODD)
def test_figures_that_could_mean_something_else_are_refused_with_an_example(locale: str) -> None:
    sentence, odd = ODD[locale]
    for typed in odd:
        with pytest.raises(ValidationError) as refused:
            amount_in(locale).clean(typed)
        assert [" ".join(message.split()) for message in refused.value.messages] == [sentence], typed


@pytest.mark.parametrize("locale", ODD)
def test_a_form_reads_shows_and_refuses_figures_as_its_plan_writes_them(world: World, locale: str) -> None:
    set_plan(world, locale=locale)
    lead, path = world.client("lead"), address("provision_edit", world.here)
    typed, odd = next(iter(READ[locale])), ODD[locale][1][0]
    save(lead, path, annual_cost=typed, fte=typed)
    stored = now(world.here.provision)
    assert stored.annual_cost == stored.fte == Decimal("1200.5")
    assert opened(lead, path)["annual_cost"] == [amount_in(locale).prepare_value(Decimal("1200.5"))]
    page = sent(lead, path, annual_cost=odd)
    assert ODD[locale][0] in page.text
    assert page.values["annual_cost"] == [odd]
    assert now(world.here.provision).version == 2


def test_figures_out_of_bounds_are_refused_and_none_breaks_the_page(world: World) -> None:
    lead, path = world.client("lead"), address("provision_edit", world.here)
    cases = (
        ("annual_cost", "99,999,999,999,999", "That is too large. Give at most 13 digits before the decimal point."),
        ("annual_cost", "1.234", "Give at most 2 decimals."),
        ("annual_cost", "-5", "greater than or equal to 0"),
        ("volume", "1200.5", "Give a whole number, such as 1,200."),
        ("volume", "-5", "greater than or equal to 0"),
        ("volume", "9" * 30, "less than or equal to"),
        ("sla_met", "11", "More targets met than there are. Give at most 10."),
        ("sla_met", "", "Give both service target figures, or leave both empty."),
        *(("annual_cost", odd, "Give a number") for odd in ("NaN", "Infinity", "1,0e9999999", "9" * 5000, "--5", ",")),
        *(("volume", odd, "Give a whole number") for odd in ("NaN", "1,0e9999999", "9" * 5000, "٫")),
    )
    values = opened(lead, path)
    for field, typed, sentence in cases:
        page = sent(lead, path, values, **{field: typed})
        assert sentence in page.text, (field, typed[:20], page.text)
    assert now(world.here.provision).version == 1


def test_an_empty_figure_is_unknown_and_zero_is_zero(world: World) -> None:
    lead, path = world.client("lead"), address("provision_edit", world.here)
    save(lead, path, annual_cost="", fte="0", volume=" ")
    stored = now(world.here.provision)
    assert (stored.annual_cost, stored.fte, stored.volume) == (None, Decimal(0), None)
    page = Page(lead.get(path))
    assert (page.values["annual_cost"], page.values["fte"]) == ([""], ["0"])


def test_yes_no_and_unknown_are_three_different_things(world: World) -> None:
    lead, path = world.client("lead"), address("provision_edit", world.here)
    assert opened(lead, path)["has_sop"] == [""]
    for typed, stored in (("True", True), ("False", False), ("", None)):
        save(lead, path, has_sop=typed)
        assert now(world.here.provision).has_sop is stored
        assert opened(lead, path)["has_sop"] == [typed]
    assert "Select a valid choice" in sent(lead, path, has_sop="maybe").text


@given(amount=AMOUNTS, whole=st.integers(min_value=0, max_value=2**63 - 1), share=SHARES)
@pytest.mark.parametrize("locale", [*LOCALES, *MORE_LOCALES])
def test_a_figure_typed_back_as_shown_is_the_same_figure(
    locale: str, amount: Decimal, whole: int, share: Decimal
) -> None:
    fields: tuple[tuple[LocaleNumber, Any], ...] = (
        (Amount(max_digits=18, decimal_places=4), amount),
        (WholeNumber(), whole),
        (Percent(), share),
    )
    for field, figure in fields:
        field.write_as(locale)
        shown = field.prepare_value(figure)
        assert field.clean(shown) == figure, shown
        assert field.clean(f"  {shown} ") == figure, shown
