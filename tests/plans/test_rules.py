"""How parts of a plan are named, and where it is cut into pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.plans.rules import (
    CONTENTS_SHOWN,
    PAGE_CHARACTERS,
    PAGE_SECTIONS,
    contents_depth,
    free_keys,
    kind_words,
    last_positions,
    reading_pages,
    shown_title,
    thread_title,
)


@st.composite
def trees(draw: st.DrawFn) -> list[int | None]:
    """Make the parents of a document: each section under the one before it or one above that."""
    parents: list[int | None] = []
    path: list[int] = []
    for place in range(draw(st.integers(1, 150))):
        path = path[: draw(st.integers(0, len(path)))]
        parents.append(path[-1] if path else None)
        path.append(place)
    return parents


@pytest.mark.parametrize(
    ("given_", "kind", "title", "thread"),
    [
        (("programa", "2.1", "Agua", "Programa 2.1"), "Programa", "Agua", "2.1 Agua"),
        (("meta", "", "Diez filtros", "Meta / producto"), "Meta / producto", "Diez filtros",
         "Diez filtros"),
        (("articulo", "1", "", "ARTÍCULO PRIMERO"), "Artículo", "ARTÍCULO PRIMERO",
         "ARTÍCULO PRIMERO"),
        (("capitulo", "IV", "", ""), "Capítulo", "Capítulo IV", "Capítulo IV"),
        (("preambulo", "", "", ""), "Preámbulo", "Preámbulo", "Preámbulo"),
    ],
)  # fmt: skip
def test_every_section_has_a_name(
    given_: tuple[str, str, str, str], kind: str, title: str, thread: str
) -> None:
    """A section without a title is called by its designation; without that, by what it is."""
    what, number, words, label = given_
    assert str(kind_words(what, number, label)) == kind
    assert shown_title(what, number, words, label) == title
    assert thread_title(what, number, words, label) == thread


def test_last_descendants() -> None:
    """Each section knows where the last of what it contains stands."""
    assert last_positions([None, 0, 1, 0, None]) == [3, 2, 2, 3, 4]


@given(trees(), st.data())
def test_pages_cover_the_document_and_stay_readable(
    parents: list[int | None], data: st.DataObject
) -> None:
    """Every section is on one page, pages follow each other, and none is longer than allowed."""
    sizes = st.integers(0, PAGE_CHARACTERS // 8)
    lengths = data.draw(st.lists(sizes, min_size=len(parents), max_size=len(parents)))
    pages = reading_pages(parents, lengths)
    assert pages == sorted(pages)
    for start in set(pages):
        on_page = [place for place, page in enumerate(pages) if page == start]
        assert on_page[0] == start
        assert len(on_page) <= PAGE_SECTIONS
        assert sum(lengths[place] for place in on_page) <= PAGE_CHARACTERS


def test_a_chapter_that_fits_is_one_page() -> None:
    """Two chapters with their parts are two pages, never one and never more."""
    assert reading_pages([None, 0, 0, None, 3], [10] * 5) == [0, 0, 0, 3, 3]


def test_a_chapter_that_does_not_fit_is_split_at_its_parts() -> None:
    """Its heading goes with its first part; the next part gets a page of its own."""
    half = PAGE_CHARACTERS * 2 // 3
    assert reading_pages([None, 0, 1, 0, 3], [5, half, 1, half, 1]) == [0, 0, 0, 3, 3]


def test_one_section_longer_than_a_page_is_shown_whole() -> None:
    """A section is never cut in two, however long."""
    assert reading_pages([None, None, None], [9, PAGE_CHARACTERS * 2, 9]) == [0, 1, 2]


def test_short_articles_share_a_page() -> None:
    """A decree without chapters is not one page for each article."""
    pages = reading_pages([None] * (PAGE_SECTIONS + 5), [100] * (PAGE_SECTIONS + 5))
    assert set(pages) == {0, PAGE_SECTIONS}


def test_long_contents_leave_the_deepest_out() -> None:
    """A table of contents nobody can overlook goes less deep, but never down to one line."""
    chapters = [0, *[1] * 20] * 5
    assert contents_depth(chapters) == 1
    assert contents_depth([each for depth in chapters for each in (depth, depth + 1)]) == 1
    assert contents_depth([0, *[1] * (CONTENTS_SHOWN + 50), 2]) == 1
    assert contents_depth([]) == 0


def test_keys_are_never_taken_twice() -> None:
    """A key that is taken, also by one of the same document, gets the next free ordinal."""
    assert free_keys(["a", "a~2", "b", "a"], {"a", "a~2"}) == ["a~3", "a~2~2", "b", "a~4"]
