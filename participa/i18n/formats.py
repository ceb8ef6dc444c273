"""Dates and numbers as the reader writes them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent

# Plain "es" would give 1.234,5 but 24-hour times; Colombia says "5:00 p. m.".
_REGION = {"es": "es_CO", "en": "en_US"}
_LONG_DATE = {"es": "d 'de' MMMM 'de' y", "en": "MMMM d, y"}
_SHORT_DATE = {"es": "d MMM y", "en": "MMM d, y"}
_SHORT_TIME = {"es": "d MMM y, h:mm a", "en": "MMM d, y, h:mm a"}
_LONG_TIME = {"es": "d 'de' MMMM 'de' y, h:mm a", "en": "MMMM d, y, h:mm a"}


@dataclass(frozen=True, slots=True)
class Day:
    """A day inside a text, written in the reader's language."""

    value: date | datetime
    zone: tzinfo
    short: bool = False

    def render(self, locale: str) -> str:
        """Write the day, its month cut to three letters where there is little room."""
        return date_text(self.value, locale, self.zone, short=self.short)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and hour inside a text, by the entity's clock."""

    value: datetime
    zone: tzinfo

    def render(self, locale: str) -> str:
        """Write day and hour."""
        return datetime_text(self.value, locale, self.zone)


@dataclass(frozen=True, slots=True)
class Number:
    """A number inside a text, with the reader's separators."""

    value: float

    def render(self, locale: str) -> str:
        """Write the number."""
        return number_text(self.value, locale)


def date_text(value: date | datetime, locale: str, zone: tzinfo, *, short: bool = False) -> str:
    """Write a day: 22 de noviembre de 2026, or 22 nov 2026."""
    day = value.astimezone(zone).date() if isinstance(value, datetime) else value
    pattern = _SHORT_DATE[locale] if short else _LONG_DATE[locale]
    return format_date(day, pattern, locale=_REGION[locale])


def datetime_text(value: datetime, locale: str, zone: tzinfo) -> str:
    """Write a moment in the entity's time zone: 22 de noviembre de 2026, 5:00 p. m."""
    local = value.astimezone(zone)
    return format_datetime(local, _LONG_TIME[locale], locale=_REGION[locale])


def hour_text(value: datetime, locale: str, zone: tzinfo) -> str:
    """Write an hour of the entity's clock: 5:00 p. m."""
    return format_datetime(value.astimezone(zone), "h:mm a", locale=_REGION[locale])


def stamp_text(value: datetime, locale: str, zone: tzinfo) -> str:
    """Write a moment briefly, in words that do not grow old: 22 nov 2026, 5:00 p. m."""
    return _stamped(value.replace(second=0, microsecond=0), locale, zone)


@lru_cache(maxsize=2000)
def _stamped(minute: datetime, locale: str, zone: tzinfo) -> str:
    local = minute.astimezone(zone)
    return format_datetime(local, _SHORT_TIME[locale], locale=_REGION[locale])


def ago(value: datetime, now: datetime, locale: str, zone: tzinfo) -> str:
    """Write how long ago something was; after thirty days, the date."""
    passed = now - value
    if passed > timedelta(days=30):
        return date_text(value, locale, zone)
    passed = max(passed, timedelta(seconds=1))
    return format_timedelta(-passed, add_direction=True, locale=_REGION[locale])


def number_text(value: float, locale: str) -> str:
    """Write a number with its separators: 1.234.567,5."""
    return format_decimal(value, locale=_REGION[locale])


def percent_text(share: float, locale: str, digits: int = 0) -> str:
    """Write a share between 0 and 1 as a percentage."""
    # A no-break space keeps the sign on the line of its number.
    sign = "\u00a0%" if locale == "es" else "%"
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + sign
    return format_percent(share, pattern, locale=_REGION[locale])
