"""Countries, currencies, locales and time zones that a plan may name, from the CLDR and the time zone database."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_currency_name, list_currencies
from django.core.exceptions import ValidationError

# The formats that the pages are tried in; the words stay English.
LOCALES = ("en_US", "en_CA", "en_GB", "en_AU", "en_NZ", "en_IE", "en_IN", "en_ZA", "de_DE", "de_CH", "fr_CA", "fr_FR")


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """(ISO 3166 code, name) by name."""
    names = Locale("en").territories
    no_countries = {"EU", "UN", "EZ", "ZZ"}
    codes = {code for code in get_global("territory_currencies") if len(code) == 2 and code in names} - no_countries
    return tuple(sorted(((code, names[code]) for code in codes), key=lambda country: country[1]))


@cache
def currencies() -> tuple[tuple[str, str], ...]:
    """(ISO 4217 code, "code, name") by code: those that are legal tender somewhere today."""
    current = {
        code
        for history in get_global("territory_currencies").values()
        for code, _start, end, tender in history
        if tender and end is None
    }
    return tuple(
        (code, f"{code}, {get_currency_name(code, locale='en')}") for code in sorted(current & list_currencies())
    )


@cache
def locales() -> tuple[tuple[str, str], ...]:
    """(locale, its name in English)."""
    return tuple((code, str(Locale.parse(code).english_name)) for code in LOCALES)


@cache
def time_zones() -> tuple[tuple[str, str], ...]:
    """(zone, zone with spaces) of the inhabited world."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    zones = sorted(zone for zone in available_timezones() if zone.startswith(regions))
    return tuple((zone, zone.replace("_", " ")) for zone in ("UTC", *zones))


def check_country(value: str) -> None:
    if value not in dict(countries()):
        raise ValidationError(f"“{value}” is not a country code. Give two letters, such as US.")


def check_currency(value: str) -> None:
    if value not in dict(currencies()):
        raise ValidationError(f"“{value}” is not a currency in use. Give three letters, such as USD.")


def check_locale(value: str) -> None:
    try:
        Locale.parse(value)
    except (UnknownLocaleError, ValueError):
        raise ValidationError(f"“{value}” is not a known format. Choose one from the list.") from None


def check_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(f"“{value}” is not a time zone. Choose one from the list, such as America/Chicago.")
