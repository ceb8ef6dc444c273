"""Moving contributions between conversations: nothing is lost, whoever acts at the same time."""

import asyncio
from collections import Counter

import pytest

from participa.deliberation import service
from participa.deliberation.closing import ThreadConcluded
from participa.deliberation.models import Contribution, Support, Thread, ThreadEvent
from participa.deliberation.rules import child_path
from participa.deliberation.saying import Said
from participa.facilitation.moves import Immovable, move, split
from participa.facilitation.service import conclude
from participa.forums.service import start_topic
from participa.web.refusals import Conflict, NotFound
from tests.deliberation.listening import Ear, Looker, source_of
from tests.deliberation.reading import LANGUAGES
from tests.deliberation.sheets import told
from tests.deliberation.talking import fill, say, thread_path
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
WHY = "Es sobre la plaza."


async def _topic(town: Municipality, title: str = "La plaza") -> int:
    opened = await start_topic(town.carmen, town.forum, title=title, said=Said("Hola."), now=NOW)
    return opened.thread_id


async def assert_whole(town: Municipality) -> None:
    """Numbers without gaps, paths under parents, counts right, in every thread."""
    entity_id = town.entity.id
    rows = await Contribution.of(entity_id)
    by_id = {row.id: row for row in rows}
    for thread in await Thread.of(entity_id):
        events = await ThreadEvent.of(entity_id).filter(thread_id=thread.id).order_by("number")
        assert [each.number for each in events] == list(range(1, thread.last_number + 1))
        inside = [row for row in rows if row.thread_id == thread.id]
        assert thread.contribution_count == len(inside)
        numbers = {(each.number, each.contribution_id) for each in events}
        assert {(row.number, row.id) for row in inside} <= numbers
    for row in rows:
        above = by_id[row.parent_id] if row.parent_id is not None else None
        assert row.path == child_path(above.path if above else "", row.number)
        assert above is None or above.thread_id == row.thread_id
    answers = Counter(row.parent_id for row in rows)
    assert {row.id: row.reply_count for row in rows} == {row.id: answers[row.id] for row in rows}


async def test_what_is_said_goes_with_what_answers_it(town: Municipality) -> None:
    """Receipts, supports, history and authors stay; both threads count right, without gaps."""
    top = await say(town, town.ana, "Sobre el puente.")
    said = await say(town, town.beto, "La plaza primero.", parent_id=top.id)
    answer = await say(town, town.ana, "Sí.", parent_id=said.id)
    await say(town, town.ana, "Del puente otra vez.", parent_id=top.id)
    await service.set_support(town.ana, said.id, wanted=True, now=NOW)
    await service.edit(town.beto, said.id, "La plaza va primero.", now=NOW)
    target = await _topic(town)
    await move(town.diego, said.id, target, reason=WHY, now=NOW)
    moved = await Contribution.of(town.entity.id).get(id=said.id)
    assert (moved.thread_id, moved.receipt_number) == (target, said.receipt_number)
    assert (moved.support_count, moved.edit_count, moved.parent_id) == (1, 1, None)
    below = await Contribution.of(town.entity.id).get(id=answer.id)
    assert (below.thread_id, below.path[:4]) == (target, moved.path)
    assert await Support.of(town.entity.id).filter(contribution_id=said.id).count() == 1
    await service.set_support(town.carmen, said.id, wanted=True, now=NOW)
    await assert_whole(town)


async def test_a_conversation_of_its_own(town: Municipality) -> None:
    """Split off, a contribution opens a topic in the same forum, with its supports."""
    said = await say(town, town.beto, "La plaza primero.")
    await say(town, town.ana, "Sí.", parent_id=said.id)
    await service.set_support(town.ana, said.id, wanted=True, now=NOW)
    opened = await split(town.diego, said.id, "La plaza", reason=WHY, now=NOW)
    thread = await Thread.of(town.entity.id).get(id=opened.id)
    assert (thread.kind, thread.place_id) == ("forums.topic", town.forum.id)
    assert (thread.title, thread.support_count, thread.contribution_count) == ("La plaza", 1, 2)
    opening = await Contribution.of(town.entity.id).get(id=said.id)
    assert opening.is_opening
    await assert_whole(town)


async def test_what_cannot_be_moved(town: Municipality) -> None:
    """What opens, where it is already, under a conclusion, to another process or entity."""
    said = await say(town, town.beto, "La plaza.")
    closed = await _topic(town)
    await conclude(town.diego, closed, "Listo.", now=NOW)
    here = town.topic.thread_id
    for contribution, target, refusal in (
        (town.topic.id, closed, Immovable),
        (said.id, here, Immovable),
        (said.id, closed, ThreadConcluded),
        (said.id, town.neighbour_topic.thread_id, NotFound),
        (town.neighbour_topic.id, here, NotFound),
    ):
        with pytest.raises(refusal):
            await move(town.diego, contribution, target, reason=WHY, now=NOW)
    await assert_whole(town)


async def test_moderators_and_citizens_at_once(town: Municipality) -> None:
    """Moves of the same and crossing ones while people post: each lands whole or is refused."""
    said = await fill(town, 9)
    roots = [each for each in said if each.parent_id is None]
    target = await _topic(town)
    there = await say(town, town.beto, "Del otro.", thread_id=target)
    home = town.topic.thread_id
    acts = [
        move(town.diego, roots[0].id, target, reason=WHY, now=NOW),
        move(town.carmen, roots[0].id, target, reason=WHY, now=NOW),
        move(town.carmen, there.id, home, reason=WHY, now=NOW),
        split(town.alma, roots[1].id, "Aparte", reason=WHY, now=NOW),
        *(say(town, town.ana, f"A la vez {n}.", parent_id=roots[0].id) for n in range(4)),
        *(say(town, town.beto, f"Nuevo {n}.", thread_id=target) for n in range(4)),
        *(service.set_support(town.ana, each.id, wanted=True, now=NOW) for each in roots[:3]),
    ]
    done = await asyncio.gather(*acts, return_exceptions=True)
    broken = [one for one in done if isinstance(one, Exception) and not isinstance(one, Conflict)]
    assert broken == []
    assert sum(isinstance(one, Thread) for one in done[:2]) == 1
    stored = sum(isinstance(one, Contribution) for one in done[4:12])
    refused = sum(isinstance(one, Conflict) for one in done[4:12])
    assert stored + refused == 8
    assert await Contribution.of(town.entity.id).count() == 1 + 9 + 2 + stored
    await assert_whole(town)


async def test_open_pages_follow_in_both(web: Web, town: Municipality) -> None:
    """Old page and what was sent make the new page, where it leaves, arrives, and comes back."""
    top = await say(town, town.ana, "Sobre el puente.")
    said = await say(town, town.beto, "La plaza primero.", parent_id=top.id)
    await say(town, town.ana, "Sí.", parent_id=said.id)
    await say(town, town.ana, "Del puente otra vez.", parent_id=top.id)
    home, target = town.topic.thread_id, await _topic(town)
    ears = {each: Ear(source_of(web, town, each)) for each in (home, target)}
    lookers = {each: Looker(web, f"/hilos/{each}") for each in (home, target)}
    pages = {}
    for each in (home, target):
        await ears[each].start()
        for language in LANGUAGES:
            pages[each, language] = await lookers[each].sheet(town.elsa, language)
    for to in (target, home):
        await move(town.diego, said.id, to, reason=WHY, now=NOW)
        for each, ear in ears.items():
            messages = await ear.hear()
            for language in LANGUAGES:
                page, new = pages[each, language], await lookers[each].sheet(town.elsa, language)
                assert told(page, [dict(one) for one in messages[language]]) == new
                missed = await ear.source.between(page.number, ear.number, language)
                assert missed is not None
                assert told(page, [dict(one) for one in missed]) == new
                pages[each, language] = new
        here = pages[home, "es"]
        assert any("Se trasladó a «La plaza»" in item for item in here.items) is (to == target)
    assert len(pages[home, "es"].items) == 5


@only_sqlite
async def test_old_addresses_lead_to_the_new_place(web: Web, town: Municipality) -> None:
    """Where it stood there is a note with a link; its own address shows where it is and why."""
    said = await say(town, town.beto, "La plaza primero.")
    await say(town, town.ana, "Sí.", parent_id=said.id)
    target = await _topic(town)
    carmen, elsa = await web.visit(town.carmen), await web.visit()
    await elsa.get(thread_path(town))
    form = f"/aportes/{said.receipt_number}/trasladar"
    assert "La plaza" in page_text(await carmen.get(form))
    sought = await carmen.get(f"{form}?buscar=plaza")
    assert f'value="{target}"' in sought.text
    assert f'value="{target}"' not in (await carmen.get(f"{form}?buscar=puente")).text
    lacking = await carmen.post(form, {"to": str(target), "title": "", "reason": ""})
    assert lacking.status_code == 422
    assert f'value="{target}" selected' in lacking.text
    untitled = await carmen.post(form, {"to": "nueva", "title": "", "reason": WHY})
    assert untitled.status_code == 422
    assert (await carmen.post(form, {"to": "x", "reason": WHY})).status_code == 422
    moved = await carmen.post(form, {"to": str(target), "title": "", "reason": WHY})
    assert "El aporte quedó trasladado" in page_text(await carmen.follow(moved))
    for order in ("", "?orden=recientes", "?orden=apoyados"):
        left = await elsa.get(f"{thread_path(town)}{order}")
        assert "La plaza primero." not in left.text
        assert ("Se trasladó a «La plaza»" in left.text) is (order == "")
    assert f'id="{said.receipt_number}"' in (await elsa.get(thread_path(town))).text
    assert "La plaza primero." in (await elsa.get(f"/hilos/{target}")).text
    own = await elsa.get(f"/aportes/{said.receipt_number}")
    assert "Trasladado desde" in page_text(own)
    assert f'href="/hilos/{target}"' in own.text
    assert WHY in page_text(await elsa.get(f"/hilos/{target}/actuaciones"))
    assert WHY in page_text(await elsa.get(f"{thread_path(town)}/actuaciones"))
    late = await (await web.visit(town.ana)).post(
        f"{thread_path(town)}/aportes", {"body": "Tarde.", "parent": said.receipt_number}
    )
    assert (late.status_code, "Tarde." in late.text) == (409, True)
