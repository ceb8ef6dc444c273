"""Business days: which days do not count, from when to when, and the day a term ends.

The only file that knows the package `holidays`. A calendar is made of rules, each with the
days on which it holds, because laws add holidays, courts strike them and towns have their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays

_DAY = timedelta(days=1)
_LONGEST_PAUSE = 366
_LANGUAGE = "es"


class NoBusinessDay(ValueError):
    """A whole year without a day that counts: the rules cannot be meant."""


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which a rule holds, both ends included."""

    first: date = date.min
    last: date = date.max

    def holds_on(self, day: date) -> bool:
        """Whether the rule holds on a day."""
        return self.first <= day <= self.last


ALWAYS = Validity()


@dataclass(frozen=True, slots=True)
class FreeWeekday:
    """A day of the week that does not count; Monday is 0."""

    weekday: int
    name: str
    validity: Validity = ALWAYS

    def names_on(self, day: date) -> tuple[str, ...]:
        """Name what makes the day free; empty when it counts."""
        fits = day.weekday() == self.weekday and self.validity.holds_on(day)
        return (self.name,) if fits else ()


@dataclass(frozen=True, slots=True)
class NationalHolidays:
    """The public holidays of a country, such as CO.

    `except_for` switches single ones off while its validity holds: the name as the package
    writes it in Spanish, without its note that the day was moved.
    """

    country: str
    except_for: Mapping[str, Validity] = field(default_factory=dict)
    validity: Validity = ALWAYS

    def names_on(self, day: date) -> tuple[str, ...]:
        """Name the holidays of the day; of two on one date, both."""
        if not self.validity.holds_on(day):
            return ()
        found = _holidays(self.country, day.year).get(day, ())
        return tuple(name for name in found if not self._is_off(name, day))

    def _is_off(self, name: str, day: date) -> bool:
        return any(
            name.startswith(off) and validity.holds_on(day)
            for off, validity in self.except_for.items()
        )


@dataclass(frozen=True, slots=True)
class FreeDay:
    """One local day without service: a día cívico, a closure."""

    on: date
    name: str

    def names_on(self, day: date) -> tuple[str, ...]:
        """Name what makes the day free; empty when it counts."""
        return (self.name,) if day == self.on else ()


Rule = FreeWeekday | NationalHolidays | FreeDay


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The days on which terms run."""

    rules: tuple[Rule, ...]

    def names_on(self, day: date) -> tuple[str, ...]:
        """Say why a day does not count; empty for a business day."""
        return tuple(name for rule in self.rules for name in rule.names_on(day))

    def is_business_day(self, day: date) -> bool:
        """Whether terms run on the day."""
        return not self.names_on(day)

    def effective_on(self, received: date) -> date:
        """Give the day that counts as the day of receipt: the same, or the next business day."""
        for waited in range(_LONGEST_PAUSE):
            day = received + waited * _DAY
            if self.is_business_day(day):
                return day
        raise NoBusinessDay(f"no business day in the year after {received}")

    def after(self, day: date, count: int) -> date:
        """Give the business day that is so many after a day; counting starts the day after.

        Refuses with ValueError a count below one.
        """
        if count < 1:
            raise ValueError("a term has one day or more")
        for _step in range(count):
            day = self.effective_on(day + _DAY)
        return day

    def due_on(self, received: date, term_days: int) -> date:
        """Give the last day of a term: received on a free day counts as on the next that is not."""
        return self.after(self.effective_on(received), term_days)

    def days_between(self, first: date, last: date) -> int:
        """Count the business days after the first up to the last; negative when it is earlier."""
        if last < first:
            return -self.days_between(last, first)
        span = (last - first).days
        return sum(self.is_business_day(first + n * _DAY) for n in range(1, span + 1))

    def with_free_days(self, days: Sequence[FreeDay]) -> "BusinessCalendar":
        """Give the same calendar with a town's own free days."""
        return BusinessCalendar((*self.rules, *days))


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> Mapping[date, tuple[str, ...]]:
    found = holidays.country_holidays(country, years=year, language=_LANGUAGE)
    return {day: tuple(found.get_list(day)) for day in found}
