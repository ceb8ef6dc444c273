"""Texts that know their words but not yet their reader: translated when they are printed."""

from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

SOURCE_LOCALE = "es"
LOCALES = ("es", "en")
_FOLDER = Path(__file__).resolve().parent / "locales"


class Renderable(Protocol):
    """Something that is written differently in each language: a text, a date, a number."""

    def render(self, locale: str) -> str:
        """Write it for a reader of this language."""
        ...


Param = str | int | float | Renderable


@dataclass(frozen=True, slots=True)
class Text:
    """A message with its parameters; `str()` gives the Spanish, `render()` any language."""

    message: str
    plural: str | None = None
    count: int = 1
    params: dict[str, Param] = field(default_factory=dict)

    def render(self, locale: str) -> str:
        """Translate and fill in the parameters, themselves translated where they are texts."""
        catalogue = translations(locale)
        if self.plural is None:
            words = catalogue.ugettext(self.message)
        else:
            words = catalogue.ungettext(self.message, self.plural, self.count)
        if not self.params:
            return str(words)
        values = {
            name: value if isinstance(value, str | int | float) else value.render(locale)
            for name, value in self.params.items()
        }
        return str(words).format(**values)

    def __str__(self) -> str:
        return self.render(SOURCE_LOCALE)


def _(message: str, /, **params: Param) -> Text:
    """Mark a Spanish text for translation; `{name}` is filled from the keywords."""
    return Text(message, params=params)


def n_(singular: str, plural: str, count: int, /, **params: Param) -> Text:
    """Mark a text that depends on a number; `{count}` is the number."""
    return Text(singular, plural, count, {"count": count, **params})


@lru_cache(maxsize=len(LOCALES))
def translations(locale: str) -> NullTranslations:
    """Load a language's catalogue, compiled in memory: there is no stale binary to forget."""
    file = _FOLDER / locale / "LC_MESSAGES" / "participa.po"
    if locale == SOURCE_LOCALE or not file.is_file():
        return NullTranslations()
    with file.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def known_locale(wanted: str | None, default: str = SOURCE_LOCALE) -> str:
    """Give the language asked for if the interface has it, else the default."""
    return wanted if wanted in LOCALES else default
