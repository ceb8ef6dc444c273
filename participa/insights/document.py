"""A whole report as it is shown: the one object that its page and all its files are made of.

Who writes a file of a report reads a `Document` and counts nothing again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.i18n import Text
from participa.insights.breakdowns import Row
from participa.insights.census import CensusTable
from participa.insights.figures import Figures
from participa.insights.quoting import QuoteView
from participa.insights.rules import MINORITY_PART, firmness
from participa.kit.html import SafeHtml
from participa.processes.views import Pill


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What a theme's answer said until it was changed."""

    pill: Pill
    office: str
    html: SafeHtml
    until: datetime


@dataclass(frozen=True, slots=True)
class ThemeAnswer:
    """What the entity decided of a theme, and why; `earlier` has the newest first."""

    decision: str
    pill: Pill
    office: str
    html: SafeHtml
    answered_at: datetime | None
    earlier: Sequence[EarlierAnswer]


@dataclass(frozen=True, slots=True)
class EditNote:
    """What a person changed of what the program had built."""

    number: int
    words: Text
    reason: str
    made_by: str
    made_at: datetime
    undone_at: datetime | None = None
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class ThemePart:
    """A soft sub-theme, with one quote where its words may be read."""

    number: int
    name: str
    words: Sequence[str]
    figures: Figures
    stability: float
    quote: QuoteView | None


@dataclass(frozen=True, slots=True)
class CampaignNote:
    """A text that several people sent, as it begins."""

    text: QuoteView
    contributions: int
    people: int


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its figures, its parts, its quotes and the entity's answer.

    `edits` are what people changed of it; one `by_hand` was put together by a person.
    """

    id: int
    number: int
    position: int
    anchor: str
    name: str
    words: Sequence[str]
    figures: Figures
    stability: float
    by_hand: bool
    parts: Sequence[ThemePart]
    quotes: Sequence[QuoteView]
    campaigns: Sequence[CampaignNote]
    topics: Sequence[Row]
    areas: Sequence[Row]
    periods: Sequence[Row]
    answer: ThemeAnswer | None
    edits: Sequence[EditNote]

    @property
    def firmness(self) -> Text:
        """How surely the theme is found again, in words."""
        return firmness(self.stability)

    @property
    def is_minority(self) -> bool:
        """Whether few of those who took part speak of it."""
        return self.figures.people_share < MINORITY_PART

    @property
    def dissent(self) -> QuoteView | None:
        """A voice that objects, if one is quoted."""
        return next((q for q in self.quotes if q.is_dissenting and not q.is_withheld), None)


@dataclass(frozen=True, slots=True)
class Version:
    """One of the versions of a report: what it corrected, and where it stands."""

    number: int
    url: str
    published_at: datetime
    published_by: str
    correction: str


@dataclass(frozen=True, slots=True)
class Document:
    """A report as anybody reads it, or its staff before it is published.

    `url` is its permanent page once it has its number. `versions` are all that are published,
    the first one first; `newer` is the latest where this one was corrected since. `ledger`
    accounts for every text received, in words and to the unit.
    """

    id: int
    number: int | None
    version: int
    title: str
    introduction: str
    url: str
    process_title: str
    created_at: datetime
    published_at: datetime | None
    published_by: str
    is_draft: bool
    correction: str
    versions: Sequence[Version]
    newer: Version | None
    engine: str
    seed: int
    digest: str
    input_digest: str
    figures: Figures
    ledger: Sequence[tuple[Text, int]]
    themes: Sequence[Theme]
    channels: Sequence[Row]
    topics: Sequence[Row]
    areas: Sequence[Row]
    periods: Sequence[Row]
    campaigns: Sequence[CampaignNote]
    census: Sequence[CensusTable]
    edits: Sequence[EditNote]
    once_count: int
    once: Sequence[QuoteView]
    limits: Text
    method: Sequence[Text]

    @property
    def corrected(self) -> Sequence[EditNote]:
        """What people changed since the version that this one corrects."""
        if self.version == 1:
            return ()
        return [e for e in self.edits if (e.undone_at or e.made_at) >= self.created_at]

    @property
    def answered_count(self) -> int:
        """How many themes the entity has answered."""
        return sum(1 for theme in self.themes if theme.answer is not None)

    @property
    def minorities(self) -> Sequence[Theme]:
        """The themes that few speak of."""
        return [theme for theme in self.themes if theme.is_minority]

    @property
    def dissents(self) -> Sequence[tuple[Theme, QuoteView]]:
        """The quoted voices that object to what most say of a theme."""
        return [(theme, quote) for theme in self.themes if (quote := theme.dissent) is not None]
