"""Recognises the headings of a plan by their words and numbers, whatever the form of the text."""

import re
from dataclasses import dataclass
from typing import Final

from participa.plans.parsing.model import Kind
from participa.plans.parsing.numerals import fold, read_number

_WORDS: Final[dict[str, tuple[Kind, int]]] = {
    "parte": ("apartado", 5),
    "libro": ("apartado", 6),
    "titulo": ("titulo", 10),
    "capitulo": ("capitulo", 15),
    "seccion": ("apartado", 17),
    "articulo": ("articulo", 20),
    "art.": ("articulo", 20),
    "eje": ("eje", 40),
    "linea": ("eje", 40),
    "pilar": ("eje", 40),
    "dimension": ("eje", 40),
    "sector": ("apartado", 45),
    "componente": ("apartado", 45),
    "programa": ("programa", 50),
    "subprograma": ("subprograma", 60),
    "meta": ("meta", 70),
}
EJE_OVER_ARTICLES = 18
LOOSE_RANK = 30
_LEGAL = frozenset({"parte", "libro", "titulo", "capitulo", "seccion", "articulo", "art."})
_QUALIFIER = r" (?:estrategic[oa]|tematic[oa]|transversal|programatic[oa])"
_WORD = re.compile(
    r"(?P<bullet>[•▪●·–-] ?)?(?P<word>subprograma|programa|"
    rf"(?:eje|pilar|dimension)(?:{_QUALIFIER})?|linea{_QUALIFIER}|"
    r"meta(?: ?/ ?[a-z]{1,20}| de (?:producto|resultado|bienestar|impacto|gestion))?|"
    r"sector|componente|titulo|capitulo|articulo|art\.|seccion|parte|libro)(?!\w)"
)
_LEADING_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,5}) ?[.)]? ?[-–]? ?(?=[^\W\d_])")
_NUMBER_SIGN = re.compile(r" (?:n[°ºo]?\.? ?|nro\.? ?|numero )(?=\d)")
_SEPARATOR = re.compile(r" ?[.:)\-–—]+ ?| |$")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,5})( ?[.)\-–]+ ?| )(?=[^\W\d_]|[¿“\"(])")
_ROMAN = re.compile(r"([IVXLC]{1,7}) ?[.)\-–]+ ?(?=\w)")
_MIN_LETTERS = 4
_MAX_PEEK = 400


@dataclass(frozen=True, slots=True)
class Heading:
    """A line read as a heading: `firm` where capitals or punctuation leave little doubt."""

    kind: Kind
    rank: int
    label: str
    number: str
    rest: str
    upper: bool
    separated: bool
    word: str = ""
    prefix: str = ""

    @property
    def legal(self) -> bool:
        """Whether it divides the act (title, chapter, article) and not the plan."""
        return self.word in _LEGAL

    @property
    def firm(self) -> bool:
        """Whether the words alone, without what surrounds the line, make it a heading."""
        if _continues(self.rest) and not self.separated:
            return False
        if self.number:
            return self.upper or (self.separated and not self.legal)
        return self.upper and self.separated and bool(self.rest) and not self.legal


def recognise(text: str) -> Heading | None:
    """Read a line that names its kind: "ARTÍCULO CUARTO.", "Eje 1: Campo", "1.1.Subprograma."."""
    if not text or not (text[0].isupper() or text[0].isdecimal() or text[0] in "•▪●·–-"):
        return None
    folded = fold(text[:_MAX_PEEK])
    if word := _WORD.match(folded):
        return _word_first(text, folded, word)
    number = _LEADING_NUMBER.match(folded)
    if number and (word := _WORD.match(folded, number.end())) and not word["bullet"]:
        return _number_first(text, number[1], word)
    return None


def recognise_numbered(text: str) -> Heading | None:
    """Read a line that opens with a number and no word: "2.1 Diagnóstico", "II. VISIÓN"."""
    found = _NUMBERED.match(text) or _ROMAN.match(text)
    if found is None:
        return None
    rest = text[found.end() :]
    parts = found[1].count(".") + 1
    separated = bool(found.lastindex and found[0][len(found[1]) :].strip())
    if not found[1][0].isdecimal() and read_number(found[1], 0) is None:
        return None
    return Heading(
        "apartado",
        LOOSE_RANK + parts,
        found[1],
        found[1],
        rest,
        is_upper(rest),
        separated or parts > 1,
    )


def is_upper(text: str) -> bool:
    """Tell whether a line is written in capitals."""
    return text.isupper() and sum(map(str.isalpha, text[:_MAX_PEEK])) >= _MIN_LETTERS


def _word_first(text: str, folded: str, word: re.Match[str]) -> Heading | None:
    written = text[word.start("word") : word.end()]
    if not written[0].isupper():
        return None
    sign = _NUMBER_SIGN.match(folded, word.end())
    start = sign.end() if sign else word.end() + (folded[word.end() : word.end() + 1] == " ")
    number, end = read_number(text[:_MAX_PEEK], start) or ("", word.end())
    separator = _SEPARATOR.match(text, end)
    if separator is None:
        return None
    label = text[word.start("word") : end]
    return _heading(word["word"], written, label, number, text, separator)


def _number_first(text: str, number: str, word: re.Match[str]) -> Heading | None:
    written = text[word.start("word") : word.end()]
    separator = _SEPARATOR.match(text, word.end())
    if separator is None or word["word"] in _LEGAL or not written[0].isupper():
        return None
    return _heading(word["word"], written, text[: word.end()], number, text, separator)


def _heading(
    folded_word: str, written: str, label: str, number: str, text: str, separator: re.Match[str]
) -> Heading:
    word = folded_word.split(maxsplit=1)[0].split("/", maxsplit=1)[0]
    kind, rank = _WORDS[word]
    rest = text[separator.end() :]
    separated = bool(separator[0].strip()) or not rest
    # "SECTOR" or "SECCIÓN I" is not told by the kind: the words stay in the title.
    prefix = text[: separator.end()] if kind == "apartado" else ""
    if prefix:
        label = ""
    return Heading(kind, rank, label, number, rest, written.isupper(), separated, word, prefix)


def _continues(rest: str) -> bool:
    return fold(rest[:4]).startswith(("de ", "del ", "y ", "en ", "que "))
