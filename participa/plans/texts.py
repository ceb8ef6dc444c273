"""The text of sections as safe HTML, whatever its length."""

from collections.abc import Iterator

from participa.i18n import _
from participa.kit.html import TextTooDeep, render_markdown
from participa.web.refusals import Refusal

PIECE = 8_000


class SectionRefused(Refusal):
    """A section whose markup no person writes."""

    status = 422
    title = _("Hay un apartado que no se puede mostrar.")
    advice = _("Tiene demasiadas listas, citas o marcas una dentro de otra. Simplifíquelo.")


def section_html(body: str) -> str:
    """Render a section, in pieces where it is longer than what a citizen may write.

    Refuses with SectionRefused.
    """
    return "\n".join(_piece_html(piece) for piece in _joined(list(_short_paragraphs(body))))


def _piece_html(piece: list[str]) -> str:
    try:
        return str(render_markdown("\n\n".join(piece)))
    except TextTooDeep as error:
        if len(piece) == 1:
            raise SectionRefused from error
    return "\n".join(_piece_html([paragraph]) for paragraph in piece)


def _joined(paragraphs: list[str]) -> Iterator[list[str]]:
    piece: list[str] = []
    size = 0
    for paragraph in paragraphs:
        if piece and size + len(paragraph) > PIECE:
            yield piece
            piece, size = [], 0
        piece.append(paragraph)
        size += len(paragraph)
    if piece:
        yield piece


def _short_paragraphs(body: str) -> Iterator[str]:
    for paragraph in body.split("\n\n"):
        rest = paragraph
        while len(rest) > PIECE:
            cut = max(rest.rfind("\n", 0, PIECE), rest.rfind(" ", 0, PIECE))
            cut = cut if cut > 0 else PIECE
            yield rest[:cut]
            rest = rest[cut:].lstrip()
        if rest.strip():
            yield rest
