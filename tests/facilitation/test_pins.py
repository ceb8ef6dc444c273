"""Pinning: what is shown first in a thread, which threads first in a list, and how many."""

import asyncio

import pytest

from participa.deliberation import service
from participa.deliberation.models import Pin, Thread, ThreadEvent
from participa.deliberation.saying import Said
from participa.facilitation.pins import TooManyPinned, pin, pin_thread
from participa.forums.service import start_topic
from participa.moderation.service import hide, restore
from participa.web.refusals import Conflict, NotFound
from tests.consultations.consulting import import_text, thread_about
from tests.deliberation.listening import Ear, Looker, source_of
from tests.deliberation.reading import LANGUAGES
from tests.deliberation.sheets import told
from tests.deliberation.talking import say, thread_path
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def test_three_at_most_also_at_once(town: Municipality) -> None:
    """Of five pinned at once three are; twice is once; one unpinned makes room."""
    said = [await say(town, town.ana, f"Aporte {n}.") for n in range(5)]
    done = await asyncio.gather(
        *(pin(town.diego, each.id, wanted=True, now=NOW) for each in said), return_exceptions=True
    )
    assert sum(isinstance(each, TooManyPinned) for each in done) == 2
    kept = await Pin.of(town.entity.id).order_by("id")
    assert len(kept) == 3
    await pin(town.carmen, kept[0].contribution_id, wanted=True, now=NOW)
    await pin(town.carmen, kept[0].contribution_id, wanted=False, now=NOW)
    await pin(town.carmen, kept[0].contribution_id, wanted=False, now=NOW)
    left = next(each for each, one in zip(said, done, strict=True) if one is not None)
    await pin(town.diego, left.id, wanted=True, now=NOW)
    events = await ThreadEvent.of(town.entity.id).order_by("number")
    assert [each.number for each in events] == list(range(1, len(events) + 1))
    assert [each.kind for each in events][6:] == ["pinned"] * 3 + ["unpinned", "pinned"]


async def test_threads_of_one_list_at_once(town: Municipality) -> None:
    """Of five topics pinned at once three are."""
    topics = [
        await start_topic(town.ana, town.forum, title=f"Tema {n}", said=Said("Hola."), now=NOW)
        for n in range(5)
    ]
    done = await asyncio.gather(
        *(pin_thread(town.diego, each.thread_id, wanted=True, now=NOW) for each in topics),
        return_exceptions=True,
    )
    assert sum(isinstance(each, TooManyPinned) for each in done) == 2
    assert await Thread.of(town.entity.id).filter(pinned_at__isnull=False).count() == 3


async def test_what_cannot_be_pinned(town: Municipality) -> None:
    """What is hidden, the neighbour's, and a conversation that stands in no list."""
    said = await say(town, town.ana, "Grosería.")
    await hide(town.carmen, said.id, rule="1", now=NOW)
    await import_text(town.process)
    section = await thread_about(town.process, "meta-1-1-1")
    with pytest.raises(Conflict):
        await pin(town.diego, said.id, wanted=True, now=NOW)
    with pytest.raises(NotFound):
        await pin(town.diego, town.neighbour_topic.id, wanted=True, now=NOW)
    with pytest.raises(Conflict):
        await pin_thread(town.diego, section.id, wanted=True, now=NOW)


async def test_open_pages_follow(web: Web, town: Municipality) -> None:
    """Pinned, corrected, hidden, shown, unpinned: old page and what was sent make the new page."""
    said = await say(town, town.beto, "Lo más claro.")
    ear, looker = Ear(source_of(web, town)), Looker(web, thread_path(town))
    await ear.start()
    pages = {lang: await looker.sheet(town.elsa, lang) for lang in LANGUAGES}
    acts = (
        lambda: pin(town.diego, said.id, wanted=True, now=NOW),
        lambda: service.edit(town.beto, said.id, "Más claro aún.", now=NOW),
        lambda: hide(town.carmen, said.id, rule="1", now=NOW),
        lambda: restore(town.carmen, said.id, now=NOW),
        lambda: pin(town.diego, said.id, wanted=False, now=NOW),
    )
    shown = []
    for act in acts:
        await act()
        messages = await ear.hear()
        for language, page in pages.items():
            new = await looker.sheet(town.elsa, language)
            assert told(page, [dict(each) for each in messages[language]]) == new
            missed = await ear.source.between(page.number, ear.number, language)
            assert missed is not None
            assert told(page, [dict(each) for each in missed]) == new
            pages[language] = new
        shown.append("claro" in pages["es"].heading)
    assert shown == [True, True, False, True, False]


@only_sqlite
async def test_pages_show_what_is_pinned(web: Web, town: Municipality) -> None:
    """A moderator pins with two presses; everybody sees it first, marked, in thread and list."""
    said = await say(town, town.beto, "Lo más claro.")
    carmen, ana = await web.visit(town.carmen), await web.visit(town.ana)
    page = thread_path(town)
    assert "/fijar" not in (await ana.get(page)).text
    where = f"/aportes/{said.receipt_number}/fijar"
    await carmen.follow(await carmen.post(where, {"hacer": "fijar", "next": page}))
    await carmen.post(f"{page}/fijar", {"hacer": "fijar", "next": page})
    shown = page_text(await ana.get(page))
    assert shown.index("Fijado en esta conversación") < shown.index("El puente se cae.")
    assert "Fijado El puente" in page_text(await ana.get(f"/foros/{town.forum.id}"))
    await carmen.post(f"{page}/fijar", {"hacer": "soltar"})
    assert "Fijado" not in page_text(await ana.get(f"/foros/{town.forum.id}"))
