"""The demonstration's days, counted back from the moment it is loaded, by the entity's clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Calendar:
    """The moment of loading and the clock by which its days are counted."""

    now: datetime
    zone: ZoneInfo

    def ago(self, days: int, at: time) -> datetime:
        """Give an hour so many days ago."""
        return self._local(-days, at)

    def start_of(self, day: int) -> datetime:
        """Give the first instant of a day; today is 0, yesterday -1."""
        return self._local(day, time())

    def end_of(self, day: int) -> datetime:
        """Give the last minute of a day, as people write when something closes."""
        return self._local(day, time(23, 59))

    def day_of(self, at: datetime) -> date:
        """Give the day of a moment."""
        return at.astimezone(self.zone).date()

    def _local(self, day: int, at: time) -> datetime:
        date = self.now.astimezone(self.zone).date() + timedelta(days=day)
        return datetime.combine(date, at, self.zone).astimezone(UTC)
