"""What a writer knows is told without reading it back, and as the table would tell it."""

from collections.abc import Callable

import pytest

from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.deliberation import live, service
from participa.deliberation.events import Fact
from participa.deliberation.fragments import FragmentStore, made
from participa.deliberation.models import Contribution
from participa.deliberation.setting import setting_of
from participa.deliberation.shown import ShownRow, shown_rows
from participa.deliberation.stencils import Stencils
from participa.moderation import service as moderation
from participa.web.templating import Reader
from tests.deliberation.listening import Ear, source_of
from tests.deliberation.reading import LANGUAGES, kept_in
from tests.deliberation.talking import say
from tests.people import NOW, Municipality
from tests.statements import counted
from tests.visitors import Web

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
BODIES = (
    "Sí.",
    'Que **pasen** ya & pronto: <b>no</b> "así"',
    "> cita\n\n- uno\n- dos\n\nÑandú 🌱 https://laloma.test/x?a=1&b=2",
)
NAMES = ("Ana", "O'Neil & <Cía>", "Ñusta “la” de 🌱", "m")


async def _rename(actor: Actor, name: str) -> None:
    await Person.of(actor.entity_id).filter(id=actor.person_id).update(display_name=name)


async def _said_in_many_ways(town: Municipality) -> list[Contribution]:
    """Say things of every shape: depths, offices, stances, veredas, words to be escaped."""
    said = [town.topic]
    for n, (body, name) in enumerate((b, n) for b in BODIES for n in NAMES):
        await _rename(town.beto, name)
        for actor, office, stance in (
            (town.beto, "", "in_favour"),
            (town.ana, "", None),
            (town.diego, "Planeación & Vías", None),
        ):
            parent = said[-1].id if n % 2 else None
            one = await say(town, actor, body, parent_id=parent, office=office, stance=stance)
            said.append(one)
    return said


@only_sqlite
async def test_a_filled_stencil_is_what_the_template_prints(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, in both languages and phases, and the reader's own places where they are."""
    said = await _said_in_many_ways(town)
    rows = await shown_rows(town.entity.id, [each.id for each in said])
    pages = kept_in(web).templates
    store, filled = FragmentStore(pages), []
    find = Stencils.of

    def noted(*words: object) -> object:
        filled.append(find(*words))  # type: ignore[arg-type]
        return filled[-1]

    monkeypatch.setattr(Stencils, "of", noted)
    for language in LANGUAGES:
        reader = Reader(town.entity, language)
        for is_open in (True, False):
            setting = setting_of("/hilos/1", is_open=is_open)
            for row in rows:
                assert store._made(reader, row, setting) == made(pages, reader, row, setting)
    assert filled
    assert all(filled)


@only_sqlite
@pytest.mark.parametrize(
    "change",
    [
        lambda row: row._replace(edit_count=1),
        lambda row: row._replace(support_count=2),
        lambda row: row._replace(state="hidden", hidden_reason="1"),
        lambda row: row._replace(channel="telephone"),
    ],
)
async def test_what_is_not_plain_is_rendered(
    web: Web, town: Municipality, change: Callable[[ShownRow], ShownRow]
) -> None:
    """An edited, supported, hidden or brought contribution is not filled into a stencil."""
    (row,) = await shown_rows(town.entity.id, [town.topic.id])
    stencils, reader = kept_in(web).fragments._stencils, Reader(town.entity, "es")
    setting = setting_of("/hilos/1", is_open=True)
    assert stencils.of(reader, row, setting) is not None
    assert stencils.of(reader, change(row), setting) is None


async def test_facts_tell_what_the_table_tells(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Word for word, and with no statement but the count's."""
    # However slow the machine, the table was looked at lately.
    monkeypatch.setattr(live, "LOOK_EVERY_SECONDS", 600.0)
    handed, reading = Ear(source_of(web, town)), Ear(source_of(web, town))
    await handed.start()
    await reading.start()
    with handed.handed() as facts:
        said = await say(town, town.beto, BODIES[1], stance="against")
        await say(town, town.ana, BODIES[2], parent_id=said.id)
        for actor, wanted in ((town.beto, True), (town.carmen, True), (town.beto, False)):
            await service.set_support(actor, town.topic.id, wanted=wanted, now=NOW)
        assert [isinstance(each, Fact) for each in facts] == [True] * 5
        kept_in(web).fragments._threads.clear()
        with counted() as statements:
            told = await handed.hear()
    assert len(statements) == 1
    assert told == await reading.hear()
    with handed.handed():
        await service.set_support(town.beto, town.topic.id, wanted=True, now=NOW)
        with counted() as statements:
            await handed.hear()
    assert statements == []


@only_sqlite
@pytest.mark.parametrize("lost", [0, 1])
async def test_a_missing_fact_is_read(web: Web, town: Municipality, lost: int) -> None:
    """Where a wake said nothing, or came from another process, the table has the events."""
    ear = Ear(source_of(web, town))
    await ear.start()
    with ear.handed() as facts:
        for words in ("Uno.", "Dos.", "Tres."):
            await say(town, town.beto, words)
        del facts[lost]
        messages = (await ear.hear())["es"]
    assert [each["t"] for each in messages] == ["event"] * 3 + ["count"]
    assert ear.numbers == [2, 3, 4]


@only_sqlite
async def test_facts_of_what_was_told_are_passed_over(web: Web, town: Municipality) -> None:
    """A late wake for events that were read already tells nothing twice."""
    ear = Ear(source_of(web, town))
    await ear.start()
    with ear.handed() as facts:
        await say(town, town.beto, "Uno.")
        late = list(facts)
        await ear.hear()
        await say(town, town.beto, "Dos.")
        facts[:0] = late
        await ear.hear()
    assert ear.numbers == [2, 3]


@only_sqlite
async def test_what_is_hidden_before_it_is_told_is_not_told(web: Web, town: Municipality) -> None:
    """A fact holds words that were hidden meanwhile: the table is read, the words are not sent."""
    ear = Ear(source_of(web, town))
    await ear.start()
    with ear.handed():
        said = await say(town, town.beto, "Palabra prohibida.")
        await moderation.hide(town.carmen, said.id, rule="1", now=NOW)
        messages = (await ear.hear())["es"]
    assert [each.get("k") for each in messages][:2] == ["published", "hidden"]
    assert "prohibida" not in str(messages)


@only_sqlite
async def test_a_feed_looks_at_the_table_now_and_then(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is handed to it, a thread taken back is noticed."""
    ear = Ear(source_of(web, town))
    await ear.start()
    monkeypatch.setattr(live, "LOOK_EVERY_SECONDS", 0.0)
    with ear.handed():
        await say(town, town.beto, "Uno.")
        with counted() as statements:
            await ear.hear()
    assert any("deliberation_thread" in each for each in statements)
