"""A survey pasted as text: each question a paragraph, each option a line with a dash. Pure.

    1. ¿Usa el bus?
    - Sí
    - No

    2. ¿Qué le cambiaría? (opcional)

A question without options is an open one; «(varias)» takes several, «(escala)» is a scale.
"""

import re
from collections.abc import Iterator

from participa.surveys.questionnaire import Item, Kind, plain_item

_OPTION = re.compile(r"\s*(?:[-•*○◦□☐]|[a-hA-H]\))\s*(.+)")
_NUMBER = re.compile(r"\s*\d{1,3}\s*[.):-]\s*")
_NOTE = re.compile(r"\s*\((opcional|varias|escala|orden|n[uú]mero|fecha)\)\s*$", re.IGNORECASE)
_KINDS = {
    "varias": Kind.MULTIPLE,
    "escala": Kind.SCALE,
    "orden": Kind.RANKING,
    "numero": Kind.NUMBER,
    "fecha": Kind.DATE,
}


def read_pasted(text: str) -> list[Item]:
    """Read the questions of a text, in their order; a text without any gives none."""
    return [
        _item(number, question, options)
        for number, (question, options) in enumerate(_questions(text), 1)
    ]


def _questions(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give each question's words with its options.

    A number, a blank line before it, or options before it make a line begin a question.
    """
    words, options, is_apart = "", list[str](), False
    for line in text.splitlines():
        option = _OPTION.fullmatch(line)
        if not line.strip():
            is_apart = True
        elif option and words:
            options.append(option[1].strip())
        elif words and not options and not is_apart and not _NUMBER.match(line):
            words = f"{words} {line.strip()}"
        else:
            if words:
                yield words, options
            words, options = line.strip(), []
        is_apart = not line.strip()
    if words:
        yield words, options


def _item(number: int, question: str, options: list[str]) -> Item:
    text, notes = _NUMBER.sub("", question, count=1), set[str]()
    while note := _NOTE.search(text):
        notes.add(note[1].lower().replace("ú", "u"))
        text = text[: note.start()]
    named = (kind for word, kind in _KINDS.items() if word in notes)
    kind = next(named, Kind.SINGLE if options else Kind.LONG)
    return plain_item(f"p{number}", kind, text, options, required="opcional" not in notes)
