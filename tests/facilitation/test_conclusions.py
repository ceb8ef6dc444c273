"""Closing a conversation with a conclusion: what it stops, what it shows, who is told."""

import asyncio

import pytest

from participa.audit import AuditRecord
from participa.deliberation import service
from participa.deliberation.closing import ThreadConcluded
from participa.deliberation.models import Conclusion, Contribution, Thread, ThreadEvent
from participa.facilitation.service import conclude, reopen
from participa.web.refusals import Conflict, NotFound
from tests.consultations.consulting import import_text, thread_about
from tests.deliberation.listening import Ear, Looker, source_of
from tests.deliberation.reading import LANGUAGES
from tests.deliberation.sheets import told
from tests.deliberation.talking import fill, say, thread_path
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
WORDS = "Se arregla **en marzo**; la Secretaría informa cada mes."


async def test_nobody_speaks_under_a_conclusion(town: Municipality) -> None:
    """Posts, the entity's too, edits and supports are refused; what is one's own may be removed."""
    mine = await say(town, town.beto, "Mío.")
    await conclude(town.diego, town.topic.thread_id, WORDS, now=NOW)
    for refused in (
        say(town, town.ana, "Tarde."),
        say(town, town.diego, "Tarde.", office="Secretaría de Planeación"),
        service.edit(town.beto, mine.id, "Otro.", now=NOW),
        service.set_support(town.ana, mine.id, wanted=True, now=NOW),
    ):
        with pytest.raises(ThreadConcluded):
            await refused
    await service.remove(town.beto, mine.id, now=NOW)
    await reopen(town.carmen, town.topic.thread_id, reason="Falta el costo.", now=NOW)
    await say(town, town.ana, "Ahora sí.")
    log = await AuditRecord.of(town.entity.id).filter(action__startswith="facil").order_by("id")
    assert [(each.action, each.reason) for each in log] == [
        ("facilitation.concluded", WORDS),
        ("facilitation.reopened", "Falta el costo."),
    ]


async def test_a_conclusion_keeps_its_wordings(town: Municipality) -> None:
    """Corrected it has a second wording, the same again changes nothing, numbers have no gaps."""
    thread_id = town.topic.thread_id
    for words in (WORDS, WORDS, "Se arregla en abril."):
        await conclude(town.diego, thread_id, words, now=NOW)
    kept = await Conclusion.of(town.entity.id).order_by("number")
    assert [(each.number, each.body_source) for each in kept] == [
        (1, WORDS), (2, "Se arregla en abril."),
    ]  # fmt: skip
    assert kept[0].office == "Secretaría de Planeación"
    events = await ThreadEvent.of(town.entity.id).order_by("number")
    assert [(each.number, each.kind) for each in events] == [
        (1, "published"), (2, "concluded"), (3, "reworded"),
    ]  # fmt: skip


async def test_what_is_not_there_or_not_closed(town: Municipality) -> None:
    """The neighbour's thread is not found; what is open cannot be reopened."""
    with pytest.raises(NotFound):
        await conclude(town.diego, town.neighbour_topic.thread_id, WORDS, now=NOW)
    with pytest.raises(Conflict):
        await reopen(town.diego, town.topic.thread_id, reason="¿?", now=NOW)


async def test_posting_while_closing_lands_whole_or_not_at_all(town: Municipality) -> None:
    """Each post is either among the events before the conclusion or refused; none is lost."""
    thread_id = town.topic.thread_id
    posts = [
        say(town, actor, f"A la vez {n}.") for n in range(6) for actor in (town.ana, town.beto)
    ]
    closing = conclude(town.diego, thread_id, WORDS, now=NOW)
    done = await asyncio.gather(*posts[:6], closing, *posts[6:], return_exceptions=True)
    stored = [each for each in done if isinstance(each, Contribution)]
    refused = [each for each in done if isinstance(each, ThreadConcluded)]
    assert len(stored) + len(refused) == 12
    events = await ThreadEvent.of(town.entity.id).filter(thread_id=thread_id).order_by("number")
    assert [each.number for each in events] == list(range(1, len(stored) + 3))
    assert events[-1].kind == "concluded"
    thread = await Thread.of(town.entity.id).get(id=thread_id)
    assert (thread.contribution_count, thread.last_number) == (len(stored) + 1, len(events))


@pytest.mark.parametrize("in_section", [False, True])
async def test_open_pages_learn_of_it(web: Web, town: Municipality, in_section: bool) -> None:
    """Closed, corrected, reopened: the old page and what was sent make the new page."""
    path, thread_id = thread_path(town), town.topic.thread_id
    if in_section:
        await import_text(town.process)
        thread = await thread_about(town.process, "meta-1-1-1")
        path, thread_id = f"/apartados/{thread.place_id}", thread.id
    await fill(town, 3, thread_id)
    ear, looker = Ear(source_of(web, town, thread_id)), Looker(web, path)
    await ear.start()
    readers = (town.elsa, town.ana)
    pages = {(one, lang): await looker.sheet(one, lang) for one in readers for lang in LANGUAGES}
    for act, state in (
        (conclude(town.diego, thread_id, WORDS, now=NOW), "concluded"),
        (conclude(town.diego, thread_id, "En abril.", now=NOW), "concluded"),
        (reopen(town.diego, thread_id, reason="Sí.", now=NOW), "open"),
    ):
        await act
        messages = await ear.hear()
        for (reader, language), page in pages.items():
            new = await looker.sheet(reader, language)
            changed = told(page, [dict(each) for each in messages[language]])
            assert (changed.heading, changed.state, changed.number) == (
                new.heading, new.state, new.number,
            )  # fmt: skip
            assert new.state == state
            pages[reader, language] = new
            missed = await ear.source.between(page.number, ear.number, language)
            assert missed is not None
            assert told(page, [dict(each) for each in missed]).heading == new.heading


@only_sqlite
async def test_the_pages_of_closing(web: Web, town: Municipality) -> None:
    """A form that lacks something comes back with what was typed; done, everybody reads it."""
    diego, ana = await web.visit(town.diego), await web.visit(town.ana)
    page = thread_path(town)
    assert f"{page}/conclusion" in (await diego.get(page)).text
    assert f"{page}/conclusion" not in (await ana.get(page)).text
    empty = await diego.post(f"{page}/conclusion", {"body": " "})
    assert empty.status_code == 422
    assert "Escriba la conclusión." in page_text(empty)
    done = await diego.follow(await diego.post(f"{page}/conclusion", {"body": WORDS}))
    assert "<strong>en marzo</strong>" in done.text
    for where, words in ((page, "Concluida"), (f"/foros/{town.forum.id}", "con conclusión")):
        assert words in page_text(await ana.get(where))
    refused = await ana.post(f"{page}/aportes", {"body": "Lo mío."})
    assert refused.status_code == 409
    assert "Lo mío." in refused.text
    anonymous = await (await web.visit()).post(f"{page}/aportes", {"body": "Sin entrar."})
    assert (anonymous.status_code, "Sin entrar." in anonymous.text) == (409, True)
    await diego.post(f"{page}/conclusion", {"body": "Se arregla <script>en abril</script>."})
    history = await ana.get(f"{page}/conclusiones")
    assert "<script>en" not in history.text
    assert "Versión 2" in page_text(history)
    lacking = await diego.post(f"{page}/reabrir", {"reason": ""})
    assert lacking.status_code == 422
    assert "Se arregla" in lacking.text
    await diego.post(f"{page}/reabrir", {"reason": "Falta el costo."})
    log = page_text(await ana.get(f"{page}/actuaciones"))
    assert log.index("Reabrió") < log.index("Cambió la conclusión de") < log.index("Cerró con")
    assert "Falta el costo." in log
