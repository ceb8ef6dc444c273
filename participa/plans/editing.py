"""Correcting the outline of a plan: levels, joins, splits, names, order. No I/O.

Each function gives a new outline that is a tree again, or refuses with Unfit. What is moved,
raised or removed takes along what it contains; the order of the text only changes by moving.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from participa.i18n import Text, _
from participa.kit.alignment import words_of
from participa.plans.outlines import Outline, Piece, end_of
from participa.plans.parsing.blocks import escape
from participa.plans.parsing.markdown import headed
from participa.plans.parsing.model import MAX_TITLE, Kind
from participa.plans.parsing.plain import SENTENCE_END
from participa.web.refusals import Refusal

MAX_NUMBER = 40
MAX_LABEL = 120
Marked = Collection[int]
Edit = Callable[[Outline, Marked], Outline]


class Unfit(Refusal):
    """A correction for which there is no room where it was asked for."""

    status = 422
    title = _("Ese cambio no cabe ahí.")
    advice = _("El borrador quedó como estaba.")


@dataclass(frozen=True, slots=True)
class Wording:
    """What an official may write anew of a section."""

    kind: Kind
    number: str
    label: str
    title: str
    body: str


def place_of(outline: Outline, piece_id: int) -> int | None:
    """Say where a piece stands; None once it is gone."""
    return next((at for at, piece in enumerate(outline) if piece.id == piece_id), None)


def promote(outline: Outline, marked: Marked) -> Outline:
    """Raise parts by one level; what follows at their old level comes under them."""
    for piece_id in _tops(outline, marked):
        at = _place(outline, piece_id)
        if outline[at].level == 0:
            raise Unfit(_("«{name}» ya está en el primer nivel.", name=outline[at].name))
        outline = _shifted(outline, at, end_of(outline, at), -1)
    return outline


def demote(outline: Outline, marked: Marked) -> Outline:
    """Lower parts by one level, under what stands before them."""
    for piece_id in _tops(outline, marked):
        at = _place(outline, piece_id)
        if at == 0 or outline[at].level > outline[at - 1].level:
            raise Unfit(
                _("«{name}» no puede bajar: antes no hay nada de su mismo nivel.",
                  name=outline[at].name)
            )  # fmt: skip
        outline = _shifted(outline, at, end_of(outline, at), 1)
    return outline


def join(outline: Outline, marked: Marked) -> Outline:
    """Make sections part of the text before them; their headings become paragraphs of it."""
    for piece_id in reversed(_in_order(outline, marked)):
        outline = _joined(outline, _place(outline, piece_id))
    return outline


def _joined(outline: Outline, at: int) -> Outline:
    if at == 0:
        raise Unfit(_("«{name}» es el primero: no hay con qué unirlo.", name=outline[0].name))
    before, piece = outline[at - 1], outline[at]
    parts = (before.body, _heading(piece), piece.body)
    whole = replace(before, body="\n\n".join(part for part in parts if part))
    # What a first child contained comes under the section that child is now part of.
    rise = min(before.level - piece.level, 0)
    end = end_of(outline, at)
    inside = _shifted(outline, at + 1, end, rise)[at + 1 : end]
    return (*outline[: at - 1], whole, *inside, *outline[end:])


def _heading(piece: Piece) -> str:
    words = " ".join(part for part in (piece.label or piece.number, piece.title) if part)
    return escape(words)


def paragraphs(body: str) -> list[str]:
    """Cut a text where a section can be split."""
    return body.split("\n\n") if body else []


def split(
    outline: Outline, piece_id: int, first: int, new_id: int, *, titled: bool, begins: str = ""
) -> Outline:
    """Begin another section at a paragraph, counted from 0, which is its title if asked.

    Inside of it where it `begins` with words of that paragraph. It stands at the same level,
    before whatever the divided one contained.
    """
    at = _place(outline, piece_id)
    piece = outline[at]
    parts = paragraphs(piece.body)
    if not 0 <= first < len(parts):
        raise Unfit(_("Ese párrafo ya no está en el texto."))
    if begins:
        parts, first = _cut(parts, first, begins)
    kind: Kind = "apartado" if piece.kind == "preambulo" else piece.kind
    new = Piece(new_id, piece.level, kind, "", "", "", "\n\n".join(parts[first:]))
    if titled:
        new = _titled(new, parts[first], "\n\n".join(parts[first + 1 :]))
    head = replace(piece, body="\n\n".join(parts[:first]))
    if not (head.title or head.label or head.number or head.body):
        raise Unfit(_("Antes de ese párrafo no hay nada: no quedaría apartado que dividir."))
    return (*outline[:at], head, new, *outline[at + 1 :])


def _cut(parts: list[str], at: int, begins: str) -> tuple[list[str], int]:
    """Cut a paragraph before some of its words, as they are read; say which part they begin."""
    paragraph, wanted = parts[at], [word.key for word in words_of(begins)]
    found = words_of(paragraph)
    keys = [word.key for word in found]
    places = [
        place for place in range(len(keys)) if wanted and keys[place:][: len(wanted)] == wanted
    ]
    if not places:
        raise Unfit(_("Esas palabras no están en el párrafo escogido."))
    if len(places) > 1:
        raise Unfit(_("Esas palabras están varias veces en el párrafo. Copie algunas más."))
    # The signs that open a word go with it.
    start = len(paragraph[: found[places[0]].start].rstrip("([«“\"'¿¡*_"))
    before, after = paragraph[:start].rstrip(), paragraph[start:]
    return ([*parts[:at], before, after, *parts[at + 1 :]], at + 1) if before else (parts, at)


def _titled(piece: Piece, paragraph: str, body: str) -> Piece:
    """Name a section by a paragraph: its first line, or what the heading in it says it is."""
    line, _newline, below = paragraph.partition("\n")
    heading = headed(line)
    is_plain = heading.kind == "apartado" and not heading.number
    title, rest = heading.title, ""
    if not is_plain and (end := SENTENCE_END.search(title)):
        title, rest = title[: end.start()], escape(title[end.end() :].strip())
    if len(title) > MAX_TITLE:
        raise Unfit(_("Ese párrafo es muy largo para ser un título."))
    first = "\n".join(part for part in (rest, below) if part)
    return replace(
        piece,
        kind=piece.kind if is_plain else heading.kind,
        number=heading.number[:MAX_NUMBER],
        label=heading.label[:MAX_LABEL],
        title=title,
        body="\n\n".join(part for part in (first, body) if part),
    )


def reword(outline: Outline, piece_id: int, wording: Wording) -> Outline:
    """Give a section other words: what it is, its number, its title, its text."""
    at = _place(outline, piece_id)
    if not (wording.title or wording.label or wording.number or wording.body.strip()):
        raise Unfit(_("Un apartado necesita título o texto. Si sobra, quítelo."))
    piece = replace(
        outline[at],
        kind=wording.kind,
        number=wording.number,
        label=wording.label,
        title=wording.title,
        body=wording.body,
    )
    return (*outline[:at], piece, *outline[at + 1 :])


def as_kind(kind: Kind) -> Edit:
    """Say what sections are: articles, goals."""

    def edit(outline: Outline, marked: Marked) -> Outline:
        return tuple(
            replace(piece, kind=kind) if piece.id in marked else piece for piece in outline
        )

    return edit


def remove(outline: Outline, marked: Marked) -> Outline:
    """Take parts out, with all they contain."""
    for piece_id in _tops(outline, marked):
        at = _place(outline, piece_id)
        outline = outline[:at] + outline[end_of(outline, at) :]
    if not outline:
        raise Unfit(_("Un plan necesita al menos un apartado."))
    return outline


def move_up(outline: Outline, marked: Marked) -> Outline:
    """Put parts before the one of their level that precedes them."""
    for piece_id in _tops(outline, marked):
        at = _place(outline, piece_id)
        before = _sibling_before(outline, at)
        if before is None:
            raise Unfit(_("«{name}» ya es el primero de su nivel.", name=outline[at].name))
        outline = _swapped(outline, before, at)
    return outline


def move_down(outline: Outline, marked: Marked) -> Outline:
    """Put parts after the one of their level that follows them."""
    for piece_id in reversed(_tops(outline, marked)):
        at = _place(outline, piece_id)
        end = end_of(outline, at)
        if end == len(outline) or outline[end].level < outline[at].level:
            raise Unfit(_("«{name}» ya es el último de su nivel.", name=outline[at].name))
        outline = _swapped(outline, at, end)
    return outline


EDITS: dict[str, Edit] = {
    "promote": promote,
    "demote": demote,
    "join": join,
    "remove": remove,
    "up": move_up,
    "down": move_down,
}
STEP_WORDS: dict[str, Text] = {
    "promote": _("subir de nivel"),
    "demote": _("bajar de nivel"),
    "join": _("unir al anterior"),
    "remove": _("quitar"),
    "up": _("mover antes"),
    "down": _("mover después"),
    "kind": _("cambiar el tipo"),
    "split": _("dividir"),
    "reword": _("corregir"),
}


def _place(outline: Outline, piece_id: int) -> int:
    at = place_of(outline, piece_id)
    if at is None:
        raise Unfit(_("Ese apartado ya no está en el borrador."))
    return at


def _in_order(outline: Outline, marked: Marked) -> list[int]:
    found = [piece.id for piece in outline if piece.id in marked]
    if not found:
        raise Unfit(_("Marque primero uno o varios apartados."))
    return found


def _tops(outline: Outline, marked: Marked) -> list[int]:
    """Leave out what goes along with another one that is marked."""
    chosen = set(_in_order(outline, marked))
    return list(_uncovered(outline, chosen))


def _uncovered(outline: Outline, chosen: set[int]) -> Iterator[int]:
    at = 0
    while at < len(outline):
        if outline[at].id in chosen:
            yield outline[at].id
            at = end_of(outline, at)
        else:
            at += 1


def _shifted(outline: Outline, first: int, end: int, by: int) -> Outline:
    moved = (replace(piece, level=piece.level + by) for piece in outline[first:end])
    return (*outline[:first], *moved, *outline[end:])


def _sibling_before(outline: Outline, at: int) -> int | None:
    before = at - 1
    while before >= 0 and outline[before].level > outline[at].level:
        before -= 1
    return before if before >= 0 and outline[before].level == outline[at].level else None


def _swapped(outline: Outline, first: int, second: int) -> Outline:
    end = end_of(outline, second)
    return (*outline[:first], *outline[second:end], *outline[first:second], *outline[end:])
