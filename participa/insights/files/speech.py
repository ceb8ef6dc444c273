"""Words, numbers and days of a report in one reader's language. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from participa.deliberation.rules import CHANNELS
from participa.i18n import Text, _, date_text, n_, number_text, percent_text
from participa.insights.breakdowns import Row
from participa.insights.quoting import QuoteView
from participa.kit.blocks import Quoted, Table

TOO_FEW = _("muy pocas")
_DASH = "–"


@dataclass(frozen=True, slots=True)
class Speech:
    """How a report is told: in which language, by whose clock, with links from which address."""

    locale: str
    zone: tzinfo
    base_url: str

    def say(self, text: str | Text) -> str:
        """Give a text in the reader's language."""
        return text if isinstance(text, str) else text.render(self.locale)

    def number(self, value: float) -> str:
        """Write a number."""
        return number_text(value, self.locale)

    def percent(self, share: float | None) -> str:
        """Write a share; a dash where it is not told."""
        return _DASH if share is None else percent_text(share, self.locale)

    def interval(self, low: float | None, high: float | None) -> str:
        """Write the interval of a share; a dash where there is none."""
        if low is None or high is None:
            return _DASH
        return f"{self.percent(low)} – {self.percent(high)}"

    def day(self, moment: datetime) -> str:
        """Write a day by the entity's clock."""
        return date_text(moment, self.locale, self.zone)

    def url(self, path: str) -> str:
        """Give the whole address of a page."""
        return f"{self.base_url}{path}"

    def counted(self, contributions: int, people: int) -> str:
        """Say how many contributions by how many people."""
        texts = n_("{n} aporte", "{n} aportes", contributions, n=self.number(contributions))
        voices = n_("{n} persona", "{n} personas", people, n=self.number(people))
        return f"{self.say(texts)} · {self.say(voices)}"

    def quoted(self, quote: QuoteView, *more: str) -> Quoted:
        """Give a quote with where it is from; what was withheld since is a note."""
        from_where = [quote.receipt, self.say(CHANNELS.get(quote.channel, quote.channel))]
        if quote.place:
            from_where.append(quote.place)
        return Quoted(
            words=self.say(quote.words),
            source=" · ".join([*from_where, *more]),
            url=self.url(quote.url),
        )

    def breakdown(self, caption: Text, first: Text, rows: Sequence[Row]) -> list[Table]:
        """Give counts as a table; none where there is nothing to tell apart."""
        if len(rows) < 2:
            return []
        header = (first, _("Aportes"), _("Personas"), _("Parte"))
        return [
            Table(
                caption=self.say(caption),
                header=[self.say(name) for name in header],
                rows=[self._line(row) for row in rows],
                numbers=3,
            )
        ]

    def _line(self, row: Row) -> list[str]:
        if row.contributions is None or row.people is None:
            return [self.say(row.label), self.say(TOO_FEW), self.say(TOO_FEW), _DASH]
        counts = (self.number(row.contributions), self.number(row.people))
        return [self.say(row.label), *counts, self.percent(row.share)]
