"""What an official should look at before a draft is published."""

from participa.plans.checks import LONG_BODY, concerns
from participa.plans.outlines import Outline, Piece
from participa.plans.parsing.model import Kind


def outline(*pieces: tuple[int, Kind, str, str]) -> Outline:
    """Make an outline of levels, kinds, numbers and texts."""
    return tuple(
        Piece(at, level, kind, number, "", f"T{at}", body)
        for at, (level, kind, number, body) in enumerate(pieces)
    )


def said(found: Outline) -> list[tuple[str, list[int]]]:
    """Give what is said, and about which pieces."""
    return [(str(each.words), [piece.id for piece in each.pieces]) for each in concerns(found)]


def test_nothing_to_say() -> None:
    """A sound document has no concerns: parts without text of their own, goals all in a title."""
    assert said(outline(
        (0, "eje", "1", ""), (1, "programa", "1.1", "Agua."), (2, "meta", "", ""),
        (1, "meta", "", "Toda la línea."),
        (0, "eje", "2", ""), (1, "programa", "1", "Vías."),
        (0, "titulo", "I", ""), (1, "articulo", "1", "Uno."),
    )) == []  # fmt: skip


def test_each_concern_names_its_sections() -> None:
    """Missing text, levels left out or reversed, numbers given twice and endless sections."""
    assert said(outline(
        (0, "titulo", "I", ""), (1, "capitulo", "1", ""), (1, "articulo", "1", "Uno."),
        (2, "capitulo", "2", "Dos."), (0, "capitulo", "3", ""), (1, "articulo", "1", "Tres."),
        (1, "articulo", "2", "x" * (LONG_BODY + 1)),
    )) == [
        ("1 apartado sin texto ni partes", [1]),
        ("Salta de Título a Artículo", [2]),
        ("Capítulo dentro de Artículo", [3]),
        ("Número repetido: Artículo 1", [2, 5]),
        ("1 apartado muy largo: divídalo para que se pueda comentar por partes", [6]),
    ]  # fmt: skip
