"""Merging what says the same: no person counts twice, none is lost, and all of it comes back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import pytest

from participa.accounts.permissions import Actor
from participa.deliberation import service
from participa.deliberation.closing import MergedAlready, ThreadConcluded
from participa.deliberation.models import Contribution, Merge, Support, Thread
from participa.deliberation.saying import Said
from participa.facilitation.merges import Unmergeable, merge, unmerge
from participa.facilitation.service import conclude, reopen
from participa.features import Features
from participa.forums.service import start_topic
from participa.opendata.queries import HEADER, contribution_rows
from participa.portal.mine import totals
from participa.web.refusals import Conflict, NotFound
from tests.deliberation.listening import Ear, Looker, source_of
from tests.deliberation.sheets import told
from tests.deliberation.talking import say
from tests.facilitation.test_moves import assert_whole
from tests.people import NOW, Municipality, person
from tests.visitors import Web, page_text

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
WHY = "Piden lo mismo."


async def topic(town: Municipality, actor: Actor, title: str = "La plaza") -> Contribution:
    """Open a topic."""
    return await start_topic(actor, town.forum, title=title, said=Said("Hola."), now=NOW)


async def supporters(said: Contribution) -> set[int]:
    """Who supports it; the stored count says as many, also that of the thread it opens."""
    rows = await Support.of(said.entity_id).filter(contribution_id=said.id)
    people = [row.person_id for row in rows]
    row = await Contribution.of(said.entity_id).get(id=said.id)
    assert row.support_count == len(people) == len(set(people))
    if row.is_opening:
        thread = await Thread.of(said.entity_id).get(id=row.thread_id)
        assert thread.support_count == len(people)
    return set(people)


@dataclass
class Model:
    """Supports as they should be: what each person pressed, and what each contribution shows."""

    authors: dict[int, int]
    pressed: dict[int, set[int]] = field(default_factory=dict)
    into: dict[int, int] = field(default_factory=dict)
    aside: dict[int, set[int]] = field(default_factory=dict)

    def signers(self, said: int) -> set[int]:
        """Who said it, or said what was merged into it."""
        merged = [one for one, other in self.into.items() if other == said]
        return {self.authors[each] for each in (said, *merged)}

    def shown(self, said: int) -> set[int]:
        """Who supports it as it stands."""
        merged = [one for one, other in self.into.items() if other == said]
        everybody = set().union(*(self.pressed[each] for each in (said, *merged)))
        return everybody if said in self.into else everybody - self.signers(said)

    def press(self, person_id: int, said: int) -> None:
        """Support, where that is allowed and changes anything."""
        if said not in self.into and person_id not in self.shown(said) | self.signers(said):
            self.pressed[said].add(person_id)

    def release(self, person_id: int, said: int) -> None:
        """Stop supporting it and what was merged into it."""
        if said in self.into or person_id in self.signers(said):
            return
        for each in (said, *(one for one, other in self.into.items() if other == said)):
            self.pressed[each].discard(person_id)


@pytest.mark.parametrize("seed", range(3))
async def test_supports_whatever_happens(town: Municipality, seed: int) -> None:
    """After any presses, merges and separations each person counts once and nobody is lost."""
    chance = Random(seed)  # noqa: S311 - the same presses each time
    people = [town.ana, town.beto, *[await person(town.entity, f"P{n}") for n in range(3)]]
    said = [await topic(town, each, f"Tema {n}") for n, each in enumerate(people[:4])]
    model = Model({each.id: int(str(each.author_id)) for each in said})
    model.pressed = {each.id: set() for each in said}
    for _step in range(30):
        await _step_of(town, model, said, people, chance)
        for each in said:
            if each.id not in model.into:
                assert await supporters(each) == model.shown(each.id)
    for each in said:
        if each.id in model.into:
            await unmerge(town.diego, each.id, reason=WHY, now=NOW)
            del model.into[each.id]
    for each in said:
        assert await supporters(each) == model.pressed[each.id]
    await assert_whole(town)


async def _step_of(
    town: Municipality,
    model: Model,
    said: Sequence[Contribution],
    people: Sequence[Actor],
    chance: Random,
) -> None:
    one, into = chance.sample(said, 2)
    who = chance.choice(people)
    act = chance.choice(("press", "press", "release", "merge", "unmerge"))
    try:
        if act == "merge":
            await merge(town.diego, one.id, into.id, reason=WHY, now=NOW)
            model.into[one.id] = into.id
        elif act == "unmerge":
            await unmerge(town.diego, one.id, reason=WHY, now=NOW)
            del model.into[one.id]
        else:
            await service.set_support(who, one.id, wanted=act == "press", now=NOW)
            change = model.press if act == "press" else model.release
            change(int(str(who.person_id)), one.id)
    except Conflict:
        return


async def test_answers_go_over_and_come_back(town: Municipality) -> None:
    """A merged topic is closed and out of its list; separated, it has its answers again."""
    kept = town.topic
    other = await topic(town, town.beto)
    top = await say(town, town.ana, "Uno.", thread_id=other.thread_id)
    below = await say(town, town.beto, "Dos.", thread_id=other.thread_id, parent_id=top.id)
    await merge(town.diego, other.id, kept.id, reason=WHY, now=NOW)
    for each in (top, below):
        row = await Contribution.of(town.entity.id).get(id=each.id)
        assert (row.thread_id, row.receipt_number) == (kept.thread_id, each.receipt_number)
    with pytest.raises(ThreadConcluded):
        await say(town, town.ana, "Tarde.", thread_id=other.thread_id)
    with pytest.raises(Conflict):
        await reopen(town.diego, other.thread_id, reason=WHY, now=NOW)
    with pytest.raises(Conflict):
        await conclude(town.diego, other.thread_id, "Listo.", now=NOW)
    await assert_whole(town)
    late = await say(town, town.beto, "Tres.", parent_id=below.id)
    await unmerge(town.carmen, other.id, reason=WHY, now=NOW)
    for each in (top, below, late):
        row = await Contribution.of(town.entity.id).get(id=each.id)
        assert row.thread_id == other.thread_id
    await say(town, town.ana, "Otra vez.", thread_id=other.thread_id)
    await assert_whole(town)
    assert not await Merge.of(town.entity.id).exists()


async def test_what_cannot_be_merged(town: Municipality) -> None:
    """Itself, a chain, an opening into an answer, the entity's words, elsewhere, twice."""
    other, third = await topic(town, town.beto), await topic(town, town.ana, "El parque")
    said = await say(town, town.beto, "Aporte.")
    office = await say(town, town.diego, "Respuesta.", office="Secretaría de Planeación")
    await merge(town.diego, other.id, third.id, reason=WHY, now=NOW)
    for one, into, refusal in (
        (said.id, said.id, Unmergeable),
        (town.topic.id, said.id, Unmergeable),
        (said.id, office.id, Unmergeable),
        (town.topic.id, other.id, MergedAlready),
        (other.id, town.topic.id, MergedAlready),
        (third.id, town.topic.id, Unmergeable),
        (said.id, town.neighbour_topic.id, NotFound),
        (town.neighbour_topic.id, said.id, NotFound),
    ):
        with pytest.raises(refusal):
            await merge(town.diego, one, into, reason=WHY, now=NOW)
    with pytest.raises(Unmergeable):
        await unmerge(town.diego, said.id, reason=WHY, now=NOW)


async def test_two_that_merge_each_other(town: Municipality) -> None:
    """Of A into B and B into A at once, one wins; as of two mergings of the same one."""
    other, third = await topic(town, town.beto), await topic(town, town.ana, "El parque")
    one = town.topic
    done = await asyncio.gather(
        merge(town.diego, one.id, other.id, reason=WHY, now=NOW),
        merge(town.carmen, other.id, one.id, reason=WHY, now=NOW),
        merge(town.alma, one.id, third.id, reason=WHY, now=NOW),
        merge(town.carmen, third.id, other.id, reason=WHY, now=NOW),
        return_exceptions=True,
    )
    assert all(isinstance(each, Merge | Conflict) for each in done)
    into = {row.contribution_id: row.into_id for row in await Merge.of(town.entity.id)}
    assert into
    assert not set(into) & set(into.values())
    await assert_whole(town)


async def test_a_single_contribution(town: Municipality) -> None:
    """It takes no words and no supports any more, nor may its author support the other one."""
    kept = await say(town, town.ana, "El puente primero.")
    same = await say(town, town.beto, "Primero el puente.")
    await service.set_support(town.carmen, same.id, wanted=True, now=NOW)
    await service.set_support(town.beto, kept.id, wanted=True, now=NOW)
    await merge(town.diego, same.id, kept.id, reason=WHY, now=NOW)
    assert await supporters(kept) == {town.carmen.person_id}
    for refused in (
        say(town, town.ana, "Sí.", parent_id=same.id),
        service.set_support(town.ana, same.id, wanted=True, now=NOW),
        service.set_support(town.beto, kept.id, wanted=True, now=NOW),
        service.edit(town.beto, same.id, "Otra cosa.", now=NOW),
    ):
        with pytest.raises(Conflict):
            await refused
    await unmerge(town.diego, same.id, reason=WHY, now=NOW)
    assert await supporters(kept) == {town.beto.person_id}
    assert await supporters(same) == {town.carmen.person_id}


@only_sqlite
@pytest.mark.parametrize("channel", ["telephone", "paper", "workshop"])
async def test_who_writes_down_a_call_did_not_say_it(town: Municipality, channel: str) -> None:
    """Whoever typed what came by another channel supports it as anybody else, merged or not."""
    heard = Said("Llamaron por la plaza.", channel=channel)
    call = await service.publish(town.diego, town.topic.thread_id, heard, now=NOW)
    await service.set_support(town.diego, call.id, wanted=True, now=NOW)
    kept = await say(town, town.beto, "La plaza.")
    await service.set_support(town.diego, kept.id, wanted=True, now=NOW)
    await merge(town.carmen, call.id, kept.id, reason=WHY, now=NOW)
    assert await supporters(kept) == {town.diego.person_id}
    await service.set_support(town.diego, kept.id, wanted=False, now=NOW)
    await service.set_support(town.diego, kept.id, wanted=True, now=NOW)
    assert await supporters(kept) == {town.diego.person_id}
    await unmerge(town.carmen, call.id, reason=WHY, now=NOW)
    assert await supporters(kept) == await supporters(call) == {town.diego.person_id}


async def test_imported_numbers_stay(town: Municipality) -> None:
    """Supports that came as a mere number are in the count before, while and after."""
    other = await topic(town, town.beto)
    await service.set_support(town.carmen, other.id, wanted=True, now=NOW)
    kept = Contribution.of(town.entity.id).filter(id=town.topic.id)
    await kept.update(support_count=100)
    await merge(town.diego, other.id, town.topic.id, reason=WHY, now=NOW)
    assert (await kept.get()).support_count == 101
    await unmerge(town.diego, other.id, reason=WHY, now=NOW)
    assert (await kept.get()).support_count == 100


async def test_open_pages_follow_in_both(web: Web, town: Municipality) -> None:
    """Old page and what was sent make the new page: merged and separated, whole and single."""
    other = await topic(town, town.beto)
    kept = await say(town, town.ana, "Sobre el puente.")
    same = await say(town, town.beto, "Del puente.", thread_id=other.thread_id)
    home, away = town.topic.thread_id, other.thread_id
    ears = {each: Ear(source_of(web, town, each)) for each in (home, away)}
    lookers = {each: Looker(web, f"/hilos/{each}") for each in (home, away)}
    pages = {}
    for each in (home, away):
        await ears[each].start()
        pages[each] = await lookers[each].sheet(town.elsa, "es")
    acts = (
        lambda: merge(town.diego, same.id, kept.id, reason=WHY, now=NOW),
        lambda: unmerge(town.diego, same.id, reason=WHY, now=NOW),
        lambda: merge(town.diego, other.id, town.topic.id, reason=WHY, now=NOW),
        lambda: unmerge(town.diego, other.id, reason=WHY, now=NOW),
    )
    for act in acts:
        await act()
        for each, ear in ears.items():
            messages = await ear.hear()
            new = await lookers[each].sheet(town.elsa, "es")
            assert told(pages[each], [dict(one) for one in messages["es"]]) == new
            pages[each] = new


@only_sqlite
async def test_the_pages_of_merging(web: Web, town: Municipality) -> None:
    """Sought by words, chosen, told on both pages, out of the list; and taken back."""
    other = await topic(town, town.beto)
    carmen, elsa = await web.visit(town.carmen), await web.visit()
    page = f"/aportes/{other.receipt_number}"
    assert f"{page}/unir" in (await carmen.get(f"/hilos/{other.thread_id}")).text
    found = await carmen.get(f"{page}/unir?buscar=puente")
    assert f'value="{town.topic.receipt_number}"' in found.text
    assert "Nada de este proceso" in page_text(await carmen.get(f"{page}/unir?buscar=zzz"))
    for lacking in ({"reason": WHY}, {"receipt": "PA-1", "reason": WHY}, {"reason": ""}):
        answer = await carmen.post(f"{page}/unir", {"buscar": "puente", **lacking})
        assert answer.status_code == 422
        assert lacking["reason"] in answer.text
        assert 'value="puente"' in answer.text
    typed = {"receipt": town.topic.receipt_number, "reason": WHY}
    done = await carmen.follow(await carmen.post(f"{page}/unir", typed))
    assert "quedó unido" in page_text(done)
    own = page_text(await elsa.get(page))
    assert "Se unió a" in own
    assert town.topic.receipt_number in own
    assert "Se unió a otra" in page_text(await elsa.get(f"/hilos/{other.thread_id}"))
    assert other.receipt_number in page_text(
        await elsa.get(f"/aportes/{town.topic.receipt_number}")
    )
    assert "La plaza" not in page_text(await elsa.get(f"/foros/{town.forum.id}"))
    for thread_id in (other.thread_id, town.topic.thread_id):
        assert WHY in page_text(await elsa.get(f"/hilos/{thread_id}/actuaciones"))
    assert (await carmen.post(f"{page}/separar", {"reason": ""})).status_code == 422
    await carmen.post(f"{page}/separar", {"reason": "Eran distintas."})
    assert "La plaza" in page_text(await elsa.get(f"/foros/{town.forum.id}"))


@only_sqlite
async def test_what_was_merged_has_no_buttons(web: Web, town: Municipality) -> None:
    """Below what it answers, on that one's own page, it is a pointer to where it went."""
    kept = await say(town, town.ana, "El puente primero.")
    top = await say(town, town.ana, "¿Qué va primero?")
    same = await say(town, town.beto, "Primero el puente.", parent_id=top.id)
    await merge(town.diego, same.id, kept.id, reason=WHY, now=NOW)
    page = (await (await web.visit(town.carmen)).get(f"/aportes/{top.receipt_number}")).text
    assert f"responder={same.receipt_number}" not in page
    assert f"/aportes/{same.receipt_number}/apoyo" not in page
    assert f'href="/aportes/{kept.receipt_number}"' in page


@only_sqlite
async def test_whoever_adds_supports_can_tell(web: Web, town: Municipality) -> None:
    """The open data name what each was merged into; one's own list adds no person twice."""
    kept = await say(town, town.beto, "El puente primero.")
    same = await say(town, town.beto, "Primero el puente.")
    for said in (kept, same):
        await service.set_support(town.ana, said.id, wanted=True, now=NOW)
    await merge(town.diego, same.id, kept.id, reason=WHY, now=NOW)
    rows = await contribution_rows(town.entity.id, town.process.id, b"secret", Features(()))
    into = {row[0]: row[HEADER.index("unido_a")] for row in rows}
    assert into[same.receipt_number] == kept.receipt_number
    assert into[kept.receipt_number] == ""
    assert await totals(town.entity.id, int(str(town.beto.person_id))) == (2, 1)
