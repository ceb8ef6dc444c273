"""Sections go on by what they say: renumbered, moved, edited, with others put in between."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from participa.plans.matching import Earlier, Later, continued
from participa.plans.parsing import ParsedSection, parse_plan

WATER = "La administración construirá un acueducto en cada vereda durante el primer año."
ROADS = "Las vías terciarias se arreglarán con las juntas de acción comunal y su maquinaria."
PARKS = "Cada barrio tendrá un parque con juegos para la niñez y sombra para los mayores."
NEW = "Se crea el fondo de becas para estudiantes de los grados décimo y once del campo."


def earlier(sections: Sequence[ParsedSection]) -> list[Earlier]:
    """Give the sections of a document as stored: the id is the place plus one."""
    return [
        Earlier(place, None if s.parent is None else s.parent + 1,
                s.kind, s.number, s.title, s.body)
        for place, s in enumerate(sections, 1)
    ]  # fmt: skip


def later(sections: Sequence[ParsedSection]) -> list[Later]:
    """Give the sections of a document as they come."""
    return [Later(s.parent, s.kind, s.number, s.title, s.body) for s in sections]


def between(before: str, after: str) -> list[int | None]:
    """Match two documents: for each later section the place of the earlier one, from 1."""
    old, new = parse_plan(before).sections, parse_plan(after).sections
    return continued(earlier(old), later(new))


def articles(*bodies: str) -> str:
    """Write a decree of untitled articles, numbered in their order."""
    return "\n\n".join(f"## Artículo {n}\n\n{body}" for n, body in enumerate(bodies, 1))


def test_an_article_put_in_between_moves_no_comment() -> None:
    """The articles after it are renumbered and stay what they were; only it is new."""
    assert between(articles(WATER, ROADS, PARKS), articles(WATER, NEW, ROADS, PARKS)) == [
        1, None, 2, 3,
    ]  # fmt: skip


def test_an_article_taken_out() -> None:
    """Those after it move up; the one that is gone is continued by none."""
    assert between(articles(WATER, ROADS, PARKS), articles(WATER, PARKS)) == [1, 3]


def test_edited_and_renumbered() -> None:
    """An article keeps its comments though its number and some of its words changed."""
    edited = ROADS.replace("terciarias", "rurales").replace("maquinaria", "gente")
    assert between(articles(WATER, ROADS), articles(NEW, WATER, edited)) == [None, 1, 2]


def test_another_title_over_the_same_words() -> None:
    """What was only called something else is the same, though its number went to another."""
    before = f"## Artículo 1. Agua\n\n{WATER}\n\n## Artículo 2. Vías\n\n{ROADS}"
    after = f"## Artículo 1. Obras\n\n{ROADS}\n\n## Artículo 2. Pozos\n\n{WATER}"
    assert between(before, after) == [2, 1]


def test_the_same_number_does_not_keep_what_went_elsewhere() -> None:
    """Two articles that change places change numbers, not comments."""
    assert between(articles(WATER, ROADS), articles(ROADS, WATER)) == [2, 1]


def test_written_anew_in_its_place() -> None:
    """With no better candidate, the article of that number and place goes on."""
    assert between(articles(WATER, ROADS, PARKS), articles(WATER, NEW, PARKS)) == [1, 2, 3]


def test_written_anew_and_renumbered() -> None:
    """Between the same neighbours, and with its title, it is the same article."""
    water, parks = f"## Artículo 1. Agua\n\n{WATER}", f"## Artículo {{}}. Parques\n\n{PARKS}"
    before = [water, f"## Artículo 2. Becas\n\n{NEW}", parks.format(3)]
    after = [
        water,
        f"## Artículo 2\n\n{ROADS}",
        "## Artículo 3. Becas\n\nHay mil.",
        parks.format(4),
    ]
    assert between("\n\n".join(before), "\n\n".join(after)) == [1, None, 2, 3]


def test_another_matter_under_the_same_number() -> None:
    """Neither words nor title have anything in common: what was said does not go there."""
    before = f"## Artículo 1. Agua\n\n{WATER}\n\n## Artículo 2. Vías\n\n{ROADS}"
    after = before.replace("Vías", "Becas").replace(ROADS, NEW)
    assert between(before, after) == [1, None]


def test_same_titles_are_told_apart() -> None:
    """Each "Parágrafo 1" stays with its article, also where both say the same."""

    def document(first: str, second: str) -> str:
        note = "### Parágrafo 1\n\nEl alcalde lo reglamentará."
        return f"## Artículo 1\n\n{first}\n\n{note}\n\n## Artículo 2\n\n{second}\n\n{note}"

    assert between(document(WATER, ROADS), document(ROADS, WATER)) == [3, 4, 1, 2]
    assert between(document(WATER, ROADS), document(NEW, WATER)) == [None, None, 1, 2]


def test_a_heading_follows_what_it_contains() -> None:
    """A chapter that got another name and number is the one with the same articles."""
    before = f"# Capítulo 1. Agua\n\n{articles(WATER, ROADS)}"
    after = f"# Capítulo 1. Becas\n\n{NEW}\n\n{before.replace('1. Agua', '2. Obras rurales')}"
    assert between(before, after) == [None, 1, 2, 3]


def test_what_had_left_may_come_back() -> None:
    """A section of an earlier version that returns is the one it was."""
    gone = Earlier(7, None, "articulo", "2", "", ROADS, is_current=False)
    old = [*earlier(parse_plan(articles(WATER)).sections), gone]
    assert continued(old, later(parse_plan(articles(WATER, NEW, ROADS)).sections)) == [1, None, 7]


def test_a_hostile_document_ends() -> None:
    """Thousands of sections that all say the same are matched in order, one to one."""
    document = [Later(None, "articulo", "1", "Igual", "hola " * 30)] * 3000
    old = [Earlier(n, None, each.kind, each.number, each.title, each.body)
           for n, each in enumerate(document)]  # fmt: skip
    assert continued(old, document) == list(range(3000))
    anew = [replace(each, number=str(n), body="adiós") for n, each in enumerate(document)]
    assert continued(old, anew) == [None] * 3000


@dataclass(frozen=True)
class Piece:
    """A section of a generated plan: who it is, whose it is, and what it says."""

    me: int
    chapter: int | None
    title: str
    body: str


POOL = [
    a + b + c for a in ("ma", "ve", "li", "to") for b in "rstn" for c in ("da", "jo", "ce", "lu")
]


def said(rng: random.Random, count: int) -> str:
    """Write so many words."""
    return " ".join(rng.choices(POOL, k=count))


def generated(rng: random.Random) -> list[Piece]:
    """Make a plan of chapters and articles."""
    pieces: list[Piece] = []
    for _chapter in range(rng.randint(1, 5)):
        chapter = len(pieces)
        pieces.append(Piece(chapter, None, said(rng, 4), said(rng, 12)))
        pieces += [
            Piece(chapter + n, chapter, rng.choice(("", "Parágrafo", said(rng, 3))),
                  said(rng, rng.randint(12, 60)))
            for n in range(1, rng.randint(1, 9))
        ]  # fmt: skip
    return pieces


def changed(rng: random.Random, pieces: list[Piece]) -> list[Piece]:
    """Delete, insert, move and edit articles; chapters change places."""
    by_chapter: dict[int, list[Piece]] = {p.me: [] for p in pieces if p.chapter is None}
    for piece in pieces:
        if piece.chapter is not None and rng.random() > 0.2:
            moves = rng.random() < 0.15
            to = rng.choice(sorted(by_chapter)) if moves else piece.chapter
            by_chapter[to].append(replace(piece, chapter=to))
    result: list[Piece] = []
    for chapter in rng.sample(sorted(by_chapter), len(by_chapter)):
        new = Piece(10_000 + chapter, chapter, "", said(rng, 30))
        inside = by_chapter[chapter]
        inside.insert(rng.randint(0, len(inside)), new)
        result += [pieces[chapter], *inside]
    return [replace(piece, body=edited(rng, piece.body)) for piece in result]


def edited(rng: random.Random, body: str) -> str:
    """Replace one word in ten, here and there."""
    words = body.split()
    for place in rng.sample(range(len(words)), len(words) // 10):
        words[place] = rng.choice(POOL)
    return " ".join(words)


def numbered(pieces: Sequence[Piece]) -> list[Later]:
    """Number the pieces anew in their order."""
    places = {piece.me: place for place, piece in enumerate(pieces)}
    return [
        Later(None if p.chapter is None else places[p.chapter],
              "capitulo" if p.chapter is None else "articulo", str(place), p.title, p.body)
        for place, p in enumerate(pieces)
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_whoever_kept_most_words_keeps_identity(seed: int) -> None:
    """Whatever is deleted, inserted, moved, renumbered and edited; and none is continued twice."""
    rng = random.Random(seed)  # noqa: S311 - a generated plan, no secret
    before = generated(rng)
    after = changed(rng, before)
    old = [
        Earlier(p.me, p.chapter, each.kind, each.number, each.title, each.body)
        for p, each in zip(before, numbered(before), strict=True)
    ]
    found = continued(old, numbered(after))
    kept = [each for each in found if each is not None]
    assert len(kept) == len(set(kept))
    assert [each for each, p in zip(found, after, strict=True) if p.me < 10_000] == [
        p.me for p in after if p.me < 10_000
    ]
