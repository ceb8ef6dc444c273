"""What an official should look at in a corrected outline before it is published. No I/O."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from participa.i18n import Text, _, n_
from participa.plans.outlines import Outline, Piece, parents_of
from participa.plans.rules import KIND_NAMES

# Half an hour of reading: nobody comments on such a piece exactly.
LONG_BODY = 20_000
CHAINS = (
    ("titulo", "capitulo", "articulo"),
    ("eje", "programa", "subprograma", "meta"),
)
# Numbered through the document; the others begin again within what contains them.
_THROUGH = frozenset({"articulo"})


@dataclass(frozen=True, slots=True)
class Concern:
    """One sort of doubt with the sections it is about."""

    words: Text
    pieces: tuple[Piece, ...]


def concerns(outline: Outline) -> list[Concern]:
    """List the doubts, each with its sections in the order of the document."""
    found = [
        *_without_text(outline),
        *_misplaced(outline),
        *_repeated(outline),
        *_long(outline),
    ]
    return [concern for concern in found if concern.pieces]


def _without_text(outline: Outline) -> Iterator[Concern]:
    holders = set(parents_of(outline))
    # A goal may be all in its title.
    empty = tuple(
        piece
        for at, piece in enumerate(outline)
        if not piece.body.strip() and at not in holders and piece.kind != "meta"
    )
    words = n_(
        "{count} apartado sin texto ni partes", "{count} apartados sin texto ni partes", len(empty)
    )
    yield Concern(words, empty)


def _misplaced(outline: Outline) -> Iterator[Concern]:
    """Find what stands under a part that it usually does not stand directly under."""
    used = {piece.kind for piece in outline}
    found = defaultdict[tuple[str, str], list[Piece]](list)
    for piece, parent in zip(outline, parents_of(outline), strict=True):
        if parent is not None:
            found[outline[parent].kind, piece.kind].append(piece)
    for (above, kind), pieces in found.items():
        words = _about_place(above, kind, used)
        if words is not None:
            yield Concern(words, tuple(pieces))


def _about_place(above: str, kind: str, used: Collection[str]) -> Text | None:
    for chain in CHAINS:
        if above in chain and kind in chain:
            first, last = chain.index(above), chain.index(kind)
            names = {"above": KIND_NAMES[above], "kind": KIND_NAMES[kind]}
            if last <= first:
                return _("{kind} dentro de {above}", **names)
            # Goals stand wherever something is promised: of a line, of a programme.
            if kind != "meta" and any(each in used for each in chain[first + 1 : last]):
                return _("Salta de {above} a {kind}", **names)
    return None


def _repeated(outline: Outline) -> Iterator[Concern]:
    by_number = defaultdict[tuple[str, str, int | None], list[Piece]](list)
    for piece, parent in zip(outline, parents_of(outline), strict=True):
        if piece.number:
            place = None if piece.kind in _THROUGH else parent
            by_number[piece.kind, piece.number, place].append(piece)
    for (kind, number, _place), pieces in by_number.items():
        if len(pieces) > 1:
            words = _("Número repetido: {kind} {number}", kind=KIND_NAMES[kind], number=number)
            yield Concern(words, tuple(pieces))


def _long(outline: Outline) -> Iterator[Concern]:
    long = tuple(piece for piece in outline if len(piece.body) > LONG_BODY)
    words = n_(
        "{count} apartado muy largo: divídalo para que se pueda comentar por partes",
        "{count} apartados muy largos: divídalos para que se puedan comentar por partes",
        len(long),
    )
    yield Concern(words, long)
