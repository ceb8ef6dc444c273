"""How the parts of a plan are named, and where it is cut into pages for reading. No I/O."""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import accumulate

from participa.i18n import Text, _

# A page for reading: about fifteen minutes, and light on a telephone.
PAGE_SECTIONS = 60
PAGE_CHARACTERS = 40_000
CONTENTS_SHOWN = 150

KIND_NAMES: dict[str, Text] = {
    "eje": _("Eje"),
    "programa": _("Programa"),
    "subprograma": _("Subprograma"),
    "meta": _("Meta"),
    "titulo": _("Título"),
    "capitulo": _("Capítulo"),
    "articulo": _("Artículo"),
    "apartado": _("Apartado"),
    "preambulo": _("Preámbulo"),
}

KIND_PLURALS: dict[str, Text] = {
    "eje": _("Ejes"),
    "programa": _("Programas"),
    "subprograma": _("Subprogramas"),
    "meta": _("Metas"),
    "titulo": _("Títulos"),
    "capitulo": _("Capítulos"),
    "articulo": _("Artículos"),
    "apartado": _("Otros apartados"),
    "preambulo": _("Preámbulo"),
}


def kind_words(kind: str, number: str, label: str) -> str | Text:
    """Say what a section is; without a number, as the document itself says it."""
    return KIND_NAMES[kind] if number or not label else label


def shown_title(kind: str, number: str, title: str, label: str) -> str:
    """Give the words a section is called by, also where the document gave it no title."""
    return title or label or f"{KIND_NAMES[kind]} {number}".strip()


def thread_title(kind: str, number: str, title: str, label: str) -> str:
    """Name the conversation about a section: its number and its title."""
    return f"{number} {title}".strip() if title else shown_title(kind, number, title, label)


def free_keys(wanted: Sequence[str], taken: Collection[str]) -> list[str]:
    """Give each key, with an ordinal after a tilde where it is taken, so that all are different."""
    used = set(taken)
    ordinals = Counter[str]()
    free = []
    for key in wanted:
        name = key
        while name in used:
            ordinals[key] += 1
            name = f"{key}~{ordinals[key] + 1}"
        used.add(name)
        free.append(name)
    return free


def last_positions(parents: Sequence[int | None]) -> list[int]:
    """Say where the last descendant of each section stands, in the order of the document."""
    last = list(range(len(parents)))
    for place in reversed(range(len(parents))):
        parent = parents[place]
        if parent is not None:
            last[parent] = max(last[parent], last[place])
    return last


def reading_pages(parents: Sequence[int | None], lengths: Sequence[int]) -> list[int]:
    """Say on which page each section is read, named by the place where the page begins.

    A part goes on one page with all it contains, as long as that is a page somebody would read;
    otherwise its parts get their own, and its heading goes with the first of them. Short
    neighbours that contain nothing, such as the articles of a decree, share a page.
    """
    last = last_positions(parents)
    until = [0, *accumulate(lengths)]

    def fits(first: int, end: int) -> bool:
        few = end - first < PAGE_SECTIONS
        return few and until[end + 1] - until[first] <= PAGE_CHARACTERS

    pages: list[int] = []
    before: tuple[int, int] | None = None
    while len(pages) < len(parents):
        first = len(pages)
        end = last[first] if fits(first, last[first]) else first
        joins = before is not None and _belong_together(parents, last, before, (first, end))
        start = pages[-1] if joins and fits(pages[-1], end) else first
        pages += [start] * (end - first + 1)
        before = (first, end)
    return pages


def _belong_together(
    parents: Sequence[int | None],
    last: Sequence[int],
    before: tuple[int, int],
    block: tuple[int, int],
) -> bool:
    heading_of = before[1] < last[before[0]] and parents[block[0]] == before[0]
    leaves = last[before[0]] == before[0] and last[block[0]] == block[0]
    return heading_of or (leaves and parents[before[0]] == parents[block[0]])


def contents_depth(depths: Sequence[int]) -> int:
    """Say how deep a table of contents goes so that it can still be overlooked."""
    deepest = max(depths, default=0)
    for depth in range(deepest + 1):
        shown = sum(1 for each in depths if each <= depth)
        if shown > CONTENTS_SHOWN and depth:
            above = sum(1 for each in depths if each < depth)
            return depth - 1 if above > 1 else depth
    return deepest
