"""Languages: Spanish is the source of every text, other tongues are gettext catalogues.

Dates, numbers and amounts follow the reader's language too.
"""

from participa.i18n.formats import (
    Day,
    Moment,
    Number,
    ago,
    date_text,
    datetime_text,
    hour_text,
    number_text,
    percent_text,
    stamp_text,
)
from participa.i18n.texts import (
    LOCALES,
    SOURCE_LOCALE,
    Renderable,
    Text,
    _,
    known_locale,
    n_,
    translations,
)

__all__ = [
    "LOCALES",
    "SOURCE_LOCALE",
    "Day",
    "Moment",
    "Number",
    "Renderable",
    "Text",
    "_",
    "ago",
    "date_text",
    "datetime_text",
    "hour_text",
    "known_locale",
    "n_",
    "number_text",
    "percent_text",
    "stamp_text",
    "translations",
]
