"""Old page + what those who watch are told = new page, for every live act."""

import contextlib
from dataclasses import replace

import pytest

from participa.accounts.permissions import Actor
from participa.deliberation import live, service
from participa.deliberation.live import count_text
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.rules import PAGE_SIZE
from participa.moderation import service as moderation
from participa.processes.models import Process
from participa.realtime.feed import HEARTBEAT_SECONDS
from tests.consultations.consulting import import_text, thread_about
from tests.deliberation.crowd import Crowd
from tests.deliberation.listening import Ear, Looker, source_of
from tests.deliberation.reading import LANGUAGES
from tests.deliberation.sheets import Sheet, neutral, told
from tests.deliberation.stories import Place, story
from tests.deliberation.talking import fill, say, thread_path
from tests.people import CLOSES, NOW, Municipality
from tests.visitors import Web

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
# The phase changes every button at once: that has a message and a test of its own.
LIVE_ACTS = 10


async def _follow(web: Web, town: Municipality, place: Place) -> None:
    """Check each act of the story on a visitor's page and a citizen's."""
    ear, looker = Ear(source_of(web, town, place.thread_id)), Looker(web, place.paths[0])
    await ear.start()
    readers = (town.elsa, town.ana)
    pages = {(one, lang): await looker.sheet(one, lang) for one in readers for lang in LANGUAGES}
    for name, act in list(story(town, place, web).items())[:LIVE_ACTS]:
        await act()
        messages = await ear.hear()
        assert messages["es"], name
        for (reader, language), page in pages.items():
            changed = told(page, [dict(each) for each in messages[language]])
            new = await looker.sheet(reader, language)
            # What Ana did herself, the answer to her own form tells her page.
            same = neutral if reader is town.ana else _as_it_is
            assert same(changed) == same(new), name
            pages[reader, language] = new
    assert ear.numbers == list(range(ear.numbers[0], ear.number + 1))


def _as_it_is(one: Sheet) -> Sheet:
    return one


@pytest.mark.parametrize(
    ("settings", "length"),
    [("sqlite", 1), ("sqlite", 40), ("postgres", 3)],
    indirect=["settings"],
)
async def test_each_act_makes_the_new_page_of_the_old(
    web: Web, town: Municipality, length: int
) -> None:
    """Published, answered, supported, edited, hidden, restored, removed: items, count, number."""
    await fill(town, length - 1)
    await _follow(web, town, Place(town.topic.thread_id, [thread_path(town)]))


async def test_each_act_in_a_section(web: Web, town: Municipality) -> None:
    """The same where the conversation stands under a section of a plan, empty at first."""
    await import_text(town.process)
    thread = await thread_about(town.process, "meta-1-1-1")
    await _follow(web, town, Place(thread.id, [f"/apartados/{thread.place_id}"]))


async def test_ones_own_stays_ones_own(web: Web, town: Municipality) -> None:
    """What others do to an item leaves its author's buttons and one's own press in place."""
    said = await say(town, town.beto, "Mío.")
    other = await say(town, town.carmen, "De Carmen.")
    for actor in (town.beto, town.ana):
        await service.set_support(actor, other.id, wanted=True, now=NOW)
    ear, looker = Ear(source_of(web, town)), Looker(web, thread_path(town))
    await ear.start()
    old = await looker.sheet(town.beto, "es")
    assert (old.own, old.pressed) == ({said.receipt_number}, {other.receipt_number})
    await service.edit(town.carmen, other.id, "De Carmen, corregido.", now=NOW)
    await service.edit(town.beto, said.id, "Mío, corregido.", now=NOW)
    await service.set_support(town.ana, said.id, wanted=True, now=NOW)
    await service.set_support(town.ana, other.id, wanted=False, now=NOW)
    await say(town, town.ana, "Otra voz.", parent_id=said.id)
    changed = told(old, [dict(each) for each in (await ear.hear())["es"]])
    assert changed == await looker.sheet(town.beto, "es")
    assert (changed.own, changed.pressed) == (old.own, old.pressed)


@only_sqlite
async def test_whose_it_is_outlives_a_hiding(web: Web, town: Municipality) -> None:
    """A page served while its reader's own words were hidden has their buttons when they return."""
    said = await say(town, town.beto, "Mío.")
    await moderation.hide(town.carmen, said.id, rule="1", now=NOW)
    ear, looker = Ear(source_of(web, town)), Looker(web, thread_path(town))
    await ear.start()
    hidden = {who: await looker.sheet(who, "es") for who in (town.beto, town.ana)}
    await moderation.restore(town.carmen, said.id, now=NOW)
    messages = [dict(each) for each in (await ear.hear())["es"]]
    for who, page in hidden.items():
        assert (said.receipt_number in page.own) is (who is town.beto)
        assert told(page, messages) == await looker.sheet(who, "es")


@pytest.mark.parametrize(
    ("settings", "seed"),
    [("sqlite", 1), ("sqlite", 2), ("sqlite", 3), ("postgres", 4)],
    indirect=["settings"],
)
async def test_whenever_a_page_was_served_it_ends_the_same(
    web: Web, town: Municipality, seed: int
) -> None:
    """Pages of many ages, told live from then on or all at once when they come back, agree."""
    ear = Ear(source_of(web, town))
    # One half is told by reading the table, the other by what the wakes carry.
    with ear.handed() if seed % 2 else contextlib.nullcontext():
        await _live_with_a_crowd(web, town, seed, ear)


async def _live_with_a_crowd(web: Web, town: Municipality, seed: int, ear: Ear) -> None:
    crowd, looker = Crowd(town, seed), Looker(web, thread_path(town))
    await ear.start()
    old = []
    for step in range(60):
        if step % 7 == 0:
            for language in LANGUAGES:
                page = await looker.sheet(town.elsa, language)
                old.append((page, language, len(ear.told)))
        await crowd.act()
        # A wake may be late: several things are then told at once.
        if crowd.dice.random() < 0.7:
            await ear.hear()
    await ear.hear()
    assert ear.numbers == list(range(2, ear.number + 1))
    for page, language, heard in old:
        new = await looker.sheet(town.elsa, language)
        lived = told(page, [dict(each) for each in ear.since(page, language, heard)])
        assert lived == new
        missed = await ear.source.between(page.number, ear.number, language)
        assert missed is not None
        assert told(page, [dict(each) for each in missed]) == new


async def test_what_was_missed_is_what_was_told(web: Web, town: Municipality) -> None:
    """Read again from the table, messages are those that were told, word for word."""
    said = await fill(town, 6)
    ear = Ear(source_of(web, town))
    await ear.start()
    begins = ear.number
    await say(town, town.beto, "Nuevo.")
    await say(town, town.ana, "Respuesta.", parent_id=said[0].id)
    await service.set_support(town.ana, said[1].id, wanted=True, now=NOW)
    await service.edit(town.beto, _by(said, town.beto).id, "Corregido.", now=NOW)
    await moderation.hide(town.diego, said[3].id, rule="1", now=NOW)
    await service.remove(town.ana, _by(said, town.ana).id, now=NOW)
    live_messages = await ear.hear()
    for language in LANGUAGES:
        assert await ear.source.between(begins, ear.number, language) == live_messages[language]
        another = Ear(source_of(web, town))
        await another.start()
        again = await another.source.between(begins, ear.number, language)
        assert again == live_messages[language]
    assert await ear.source.between(ear.number, ear.number, "es") == []
    kinds = [message.get("k", message["t"]) for message in live_messages["es"]]
    assert kinds == [
        "published", "published", "supported", "edited", "hidden", "removed", "count"
    ]  # fmt: skip


def _by(said: list[Contribution], actor: Actor) -> Contribution:
    return next(each for each in said[1:] if each.author_id == actor.person_id)


@only_sqlite
async def test_the_count_is_told_when_it_moves(web: Web, town: Municipality) -> None:
    """Supports, edits and moderation do not move the count, so nothing is said of it."""
    said = await say(town, town.beto, "Sí.")
    ear = Ear(source_of(web, town))
    await ear.start()
    await service.set_support(town.ana, said.id, wanted=True, now=NOW)
    await service.edit(town.beto, said.id, "Sí, sí.", now=NOW)
    await moderation.hide(town.carmen, said.id, rule="1", now=NOW)
    assert [each["t"] for each in (await ear.hear())["en"]] == ["event"] * 3
    await say(town, town.carmen, "Una voz más.")
    messages = (await ear.hear())["en"]
    assert messages[-1]["t"] == "count"
    assert "3 contributions" in str(messages[-1]["html"])
    assert (await ear.hear()) == {"es": [], "en": []}


@only_sqlite
async def test_a_page_takes_what_lies_in_its_part(web: Web, town: Municipality) -> None:
    """In a long conversation each page is told everything and shows what belongs to it."""
    said = sorted([town.topic, *await fill(town, PAGE_SIZE + 20)], key=lambda each: each.path)
    looker, ear = Looker(web, thread_path(town)), Ear(source_of(web, town))
    await ear.start()
    second = f"{thread_path(town)}?desde={said[PAGE_SIZE].path}"
    pages = {
        path: await looker.sheet(town.elsa, "es", path) for path in (thread_path(town), second)
    }
    first, later = pages.values()
    assert first.part == ("", said[PAGE_SIZE].path)
    assert later.part == (said[PAGE_SIZE].path, "")
    early = await say(town, town.ana, "Arriba.", parent_id=said[0].id)
    late = await say(town, town.ana, "Al final.")
    messages = [dict(each) for each in (await ear.hear())["es"]]
    assert set(told(first, messages).places) - set(first.places) == {early.receipt_number}
    assert set(told(later, messages).places) - set(later.places) == {late.receipt_number}
    new = await looker.sheet(town.elsa, "es", second)
    assert told(later, messages) == replace(new, part=later.part)
    # The new first page ends one earlier; what the old one shows begins with it.
    new = await looker.sheet(town.elsa, "es")
    assert told(first, messages).items[:PAGE_SIZE] == new.items


@only_sqlite
async def test_phases_open_and_close_before_open_eyes(web: Web, town: Municipality) -> None:
    """Closing and opening are told once, with the words that the new page shows."""
    ear, looker = Ear(source_of(web, town)), Looker(web, thread_path(town))
    await ear.start()
    page = await looker.sheet(town.elsa, "es")
    assert page.state == "open"
    for now, state, words in (
        (CLOSES, "closed", "Ya no se reciben aportes aquí."),
        (NOW, "open", "Ya se puede escribir aquí."),
        (CLOSES, "closed", "Ya no se reciben aportes aquí."),
    ):
        web.clock.now = now
        messages = await ear.hear()
        assert await ear.hear() == {"es": [], "en": []}
        assert [each["t"] for each in messages["es"]] == ["phase"]
        assert words in str(messages["es"][0]["html"])
        assert told(page, [dict(each) for each in messages["es"]]).state == state
        if state == "closed":
            for language in LANGUAGES:
                html = await looker.html(town.elsa, language)
                assert str(messages[language][0]["html"]) in html
        for said in ("open", "closed", "coming", "never"):
            greeting = ear.source.greeting(7, said, 3, "es")
            assert greeting[0] == {"t": "hello", "n": 7, "state": state, "here": 3}
            assert [each["t"] for each in greeting[1:]] == ([] if said == state else ["phase"])
        assert len(ear.source.greeting(7, "", 3, "es")) == 1


@only_sqlite
async def test_the_entity_answers_after_closing(web: Web, town: Municipality) -> None:
    """What the entity says in a closed conversation is told as the closed page shows it."""
    web.clock.now = CLOSES
    ear, looker = Ear(source_of(web, town)), Looker(web, thread_path(town))
    await ear.start()
    old = await looker.sheet(town.elsa, "en")
    await say(town, town.diego, "Se hará.", office="Secretaría de Planeación")
    changed = told(old, [dict(each) for each in (await ear.hear())["en"]])
    assert changed == await looker.sheet(town.elsa, "en")
    assert "/apoyo" not in "".join(changed.items)


@only_sqlite
async def test_how_long_a_feed_may_sleep(web: Web, town: Municipality) -> None:
    """Until the phase changes, and never longer than the heartbeat."""
    source = source_of(web, town)
    assert (await source.since(None, ())).wait == HEARTBEAT_SECONDS
    web.clock.now = CLOSES
    web.clock.move(seconds=-2)
    assert 2 < (await source.since(1, LANGUAGES)).wait < 2.1


@only_sqlite
async def test_too_much_at_once(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feed far behind reads in pieces without a pause; a reader far behind reads the page."""
    monkeypatch.setattr(live, "MOST_AT_ONCE", 4)
    await fill(town, 9)
    ear = Ear(source_of(web, town))
    waits = []
    for _look in range(4):
        news = await ear.source.since(ear.number, LANGUAGES)
        waits.append(news.wait)
        await ear.hear()
    assert ear.numbers == list(range(1, 11))
    assert waits == [0.0, 0.0, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS]
    monkeypatch.setattr(live, "MOST_MISSED", 5)
    assert await ear.source.between(5, 10, "es") is not None
    assert await ear.source.between(4, 10, "es") is None


async def test_nothing_is_told_of_what_is_gone(web: Web, town: Municipality) -> None:
    """A hidden, unpublished or missing conversation ends what its watchers are told.

    Who watched it while it was a draft goes on: each of those is asked for by name.
    """
    assert (await source_of(web, town, 999_999).since(None, ())).is_gone
    source = source_of(web, town)
    process = Process.of(town.entity.id).filter(id=town.process.id)
    thread = Thread.of(town.entity.id).filter(id=town.topic.thread_id)
    assert not (await source.since(None, ())).is_gone
    await process.update(is_published=False)
    await say(town, town.ana, "Nadie lo oye.")
    news = await source.since(1, LANGUAGES)
    assert (news.is_gone, list(news.events)) == (True, [])
    assert not (await source_of(web, town).since(1, LANGUAGES)).is_gone
    await process.update(is_published=True)
    await thread.update(is_hidden=True)
    assert (await source_of(web, town).since(None, ())).is_gone


@pytest.mark.parametrize(
    ("supports", "spanish", "english"),
    [(0, "", ""), (1, " · 1", " · 1"), (12_345, " · 12.345", " · 12,345")],
)
def test_what_the_support_button_says(supports: int, spanish: str, english: str) -> None:
    """Nothing for none; thousands as each language writes them."""
    assert (count_text(supports, "es"), count_text(supports, "en")) == (spanish, english)


async def test_a_busy_thread_is_counted_now_and_then(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first count comes at once; the next ones wait, and the last is never forgotten."""
    monkeypatch.setattr(live, "COUNT_EVERY_SECONDS", 60.0)
    ear = Ear(source_of(web, town))
    await ear.start()
    kinds = []
    for words in ("Uno.", "Dos."):
        await say(town, town.beto, words)
        kinds.append([message["t"] for message in (await ear.hear())["es"]])
    assert kinds == [["event", "count"], ["event"]]
    monkeypatch.setattr(live, "COUNT_EVERY_SECONDS", 0.0)
    (late,) = (await ear.hear())["es"]
    assert late["t"] == "count"
    assert "3 aportes" in str(late["html"])
