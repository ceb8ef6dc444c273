"""The numbers of headings: figures, Roman numerals, and ordinals and cardinals in words."""

import re
from collections.abc import Iterator

MAX_WORDS = 3
_FIGURES = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,5}(?![\d%])")
_ROMAN = re.compile(r"(?=[IVXLC])(?:XC|XL|L?X{0,3}|C{1,3}L?X{0,3})(?:IX|IV|V?I{0,3})(?!\w)")
_LETTER = re.compile(r"[A-Z](?=[.:)])")
_ORDINAL = re.compile(r"[°ºª]|[oa](?=[.:)])")
_TOKEN = re.compile(r"[^\W\d_]+")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_FOLDED = str.maketrans(
    "ABCDEFGHIJKLMNÑOPQRSTUVWXYZÁÉÍÓÚÜáéíóúü", "abcdefghijklmnñopqrstuvwxyzaeiouuaeiouu"
)


def fold(text: str) -> str:
    """Lower Spanish letters and take their accents off, keeping every position."""
    return text.translate(_FOLDED)


def read_number(text: str, start: int) -> tuple[str, int] | None:
    """Read the number at a position and say where it ends; words come back as figures."""
    if figures := _FIGURES.match(text, start):
        ordinal = _ORDINAL.match(text, figures.end())
        return figures[0], ordinal.end() if ordinal else figures.end()
    if (roman := _ROMAN.match(text, start)) and roman[0]:
        return roman[0], roman.end()
    return _read_words(text, start) or _read_letter(text, start)


def as_parts(number: str) -> tuple[int, ...]:
    """Give the parts of a number to compare it with others; a letter or a word has none."""
    if not number:
        return ()
    if number[0].isdecimal():
        return tuple(int(part) for part in number.split("."))
    if roman := _ROMAN.fullmatch(number):
        values = [_VALUES[letter] for letter in roman[0]]
        pairs = zip(values, [*values[1:], 0], strict=True)
        return (sum(-value if value < after else value for value, after in pairs),)
    return ()


def _read_words(text: str, start: int) -> tuple[str, int] | None:
    words: list[str] = []
    found: tuple[str, int] | None = None
    position = start
    while len(words) < MAX_WORDS and (token := _TOKEN.match(text, position)):
        words.append(fold(token[0]))
        if (value := _IN_WORDS.get(" ".join(words))) is not None:
            found = value, token.end()
        position = token.end() + 1
        if text[token.end() : position] != " ":
            break
    return found


def _read_letter(text: str, start: int) -> tuple[str, int] | None:
    letter = _LETTER.match(text, start)
    return (letter[0], letter.end()) if letter else None


def _ordinals() -> Iterator[tuple[str, str]]:
    units = ["primer", "segund", "tercer", "cuart", "quint", "sext", "septim", "octav", "noven"]
    tens = [
        "decim",
        "vigesim",
        "trigesim",
        "cuadragesim",
        "quincuagesim",
        "sexagesim",
        "septuagesim",
        "octogesim",
        "nonagesim",
    ]
    for ending in "oa":
        for value, unit in enumerate(units, 1):
            yield unit + ending, str(value)
        for ten_value, ten in enumerate(tens, 1):
            yield ten + ending, str(ten_value * 10)
            for value, unit in enumerate(units, 1):
                yield f"{ten}{ending} {unit}{ending}", str(ten_value * 10 + value)
                yield f"{ten}o{unit}{ending}", str(ten_value * 10 + value)
        yield f"undecim{ending}", "11"
        yield f"duodecim{ending}", "12"
        yield f"unic{ending}", "único"


def _cardinals() -> Iterator[tuple[str, str]]:
    low = [
        "uno",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciseis",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
        "veintiuno",
        "veintidos",
        "veintitres",
        "veinticuatro",
        "veinticinco",
        "veintiseis",
        "veintisiete",
        "veintiocho",
        "veintinueve",
    ]
    yield from ((word, str(value)) for value, word in enumerate(low, 1))
    tens = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
    for ten_value, ten in enumerate(tens, 3):
        yield ten, str(ten_value * 10)
        for value, unit in enumerate(low[:9], 1):
            yield f"{ten} y {unit}", str(ten_value * 10 + value)


_IN_WORDS = dict([*_ordinals(), *_cardinals()])
