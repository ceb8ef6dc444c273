"""Changes of a questionnaire while it is written: each gives the questionnaire anew. Pure.

A change that names an item which is not there gives the questionnaire as it was.
"""

from collections.abc import Callable, Iterator, Sequence

from participa.surveys.questionnaire import Item, Page, Questionnaire

Change = Callable[[Questionnaire], Questionnaire]


def adding(items: Sequence[Item], after: str = "") -> Change:
    """Put items after another, or at the end of the last page; each gets a code of its own."""

    def change(asked: Questionnaire) -> Questionnaire:
        new = list(_with_own_codes(items, {item.code for item in asked.items}))
        pages = asked.pages or (Page(items=()),)
        at, place = _place(asked, after) or (len(pages) - 1, len(pages[-1].items) - 1)
        page = pages[at]
        put = (*page.items[: place + 1], *new, *page.items[place + 1 :])
        return _with_pages(asked, (*pages[:at], _with_items(page, put), *pages[at + 1 :]))

    return change


def _with_own_codes(items: Sequence[Item], taken: set[str]) -> Iterator[Item]:
    number = 0
    for item in items:
        while f"p{number}" in taken or not number:
            number += 1
        taken.add(f"p{number}")
        yield item.model_copy(update={"code": f"p{number}"})


def replacing(code: str, item: Item) -> Change:
    """Put another item in the place of one, under the same code."""
    return _on_item(code, lambda _old: (item.model_copy(update={"code": code}),))


def removing(code: str) -> Change:
    """Take an item out, and its page where nothing is left on it."""
    return _on_item(code, lambda _old: ())


def copying(code: str) -> Change:
    """Put a copy of an item after it."""

    def change(asked: Questionnaire) -> Questionnaire:
        found = next((item for item in asked.items if item.code == code), None)
        return asked if found is None else adding([found], code)(asked)

    return change


def moving(code: str, step: int) -> Change:
    """Exchange an item with the one before (-1) or after it (1), over the edge of its page."""

    def change(asked: Questionnaire) -> Questionnaire:
        items = list(asked.items)
        at = next((n for n, item in enumerate(items) if item.code == code), None)
        if at is None or not 0 <= at + step < len(items):
            return asked
        items[at], items[at + step] = items[at + step], items[at]
        return _with_pages(asked, tuple(_dealt(items, asked.pages)))

    return change


def _dealt(items: Sequence[Item], pages: Sequence[Page]) -> Iterator[Page]:
    start = 0
    for page in pages:
        end = start + len(page.items)
        yield _with_items(page, items[start:end])
        start = end


def starting_page(code: str) -> Change:
    """Begin a page with an item; one that is the first of its page joins the page before."""

    def change(asked: Questionnaire) -> Questionnaire:
        found = _place(asked, code)
        if found is None or found == (0, 0):
            return asked
        at, place = found
        page = asked.pages[at]
        if place:
            new = (_with_items(page, page.items[:place]), Page(items=page.items[place:]))
            return _with_pages(asked, (*asked.pages[:at], *new, *asked.pages[at + 1 :]))
        before = asked.pages[at - 1]
        joined = _with_items(before, (*before.items, *page.items))
        return _with_pages(asked, (*asked.pages[: at - 1], joined, *asked.pages[at + 1 :]))

    return change


def speaking(language: str) -> Change:
    """Write in one language more."""

    def change(asked: Questionnaire) -> Questionnaire:
        languages = tuple(dict.fromkeys((*asked.languages, language)))
        return asked.model_copy(update={"languages": languages})

    return change


def silencing(language: str) -> Change:
    """Write no longer in a language but the first; its words go as items are written again."""

    def change(asked: Questionnaire) -> Questionnaire:
        first, *others = asked.languages
        languages = (first, *(each for each in others if each != language))
        return asked.model_copy(update={"languages": languages})

    return change


def _place(asked: Questionnaire, code: str) -> tuple[int, int] | None:
    """Find an item: its page, and its place on it."""
    for at, page in enumerate(asked.pages):
        for place, item in enumerate(page.items):
            if item.code == code:
                return at, place
    return None


def _on_item(code: str, change: Callable[[Item], tuple[Item, ...]]) -> Change:
    def changed(asked: Questionnaire) -> Questionnaire:
        pages = tuple(
            _with_items(
                page,
                [
                    new
                    for item in page.items
                    for new in (change(item) if item.code == code else [item])
                ],
            )
            for page in asked.pages
        )
        return _with_pages(asked, pages)

    return changed


def _with_items(page: Page, items: Sequence[Item]) -> Page:
    return page.model_copy(update={"items": tuple(items)})


def _with_pages(asked: Questionnaire, pages: Sequence[Page]) -> Questionnaire:
    return asked.model_copy(update={"pages": tuple(page for page in pages if page.items)})
