"""The acts of a conversation: what they keep, what they refuse, what they never lose."""

import asyncio

import pytest

from participa.deliberation import service
from participa.deliberation.models import Contribution, Revision, Support, Thread, ThreadEvent
from participa.deliberation.saying import Said
from participa.web.refusals import Conflict, NotFound, PhaseClosed
from tests.conftest import Clock
from tests.deliberation.talking import say
from tests.people import NOW, Municipality


async def test_a_reply_stands_under_its_parent(town: Municipality) -> None:
    """A reply's path begins with its parent's, and the parent counts it."""
    reply = await say(town, town.beto, "Es cierto.", parent_id=town.topic.id)
    parent = await Contribution.of(town.entity.id).get(id=town.topic.id)
    assert reply.path.startswith(parent.path)
    assert parent.reply_count == 1


async def test_the_same_form_sent_twice_makes_one_row(town: Municipality) -> None:
    """A repeated request key gives back the first contribution."""
    first = await say(town, town.beto, "Una vez.", request_key="k")
    second = await say(town, town.beto, "Una vez.", request_key="k")
    assert first.id == second.id


async def test_the_same_form_sent_in_parallel_makes_one_row(town: Municipality) -> None:
    """Ten parallel sendings of one form make one contribution and one receipt."""
    sent = await asyncio.gather(
        *(say(town, town.beto, "A la vez.", request_key="k") for _ in range(10))
    )
    assert len({each.receipt_number for each in sent}) == 1
    assert await Contribution.of(town.entity.id).filter(body_source="A la vez.").count() == 1


async def test_request_keys_of_two_people_do_not_meet(town: Municipality) -> None:
    """A key is one person's: another's same key makes their own contribution."""
    mine = await say(town, town.beto, "Mío.", request_key="k")
    hers = await say(town, town.ana, "Mío también.", request_key="k")
    assert mine.id != hers.id


async def test_events_are_numbered_without_gaps_under_load(town: Municipality) -> None:
    """Thirty parallel acts leave events 1 to n, and receipts without a hole."""
    await asyncio.gather(
        *(say(town, actor, f"Aporte {n}") for n in range(15) for actor in (town.ana, town.beto))
    )
    events = await ThreadEvent.of(town.entity.id).filter(thread_id=town.topic.thread_id)
    assert sorted(event.number for event in events) == list(range(1, len(events) + 1))
    thread = await Thread.of(town.entity.id).get(id=town.topic.thread_id)
    assert (thread.last_number, thread.contribution_count) == (31, 31)
    receipts = await Contribution.of(town.entity.id).order_by("receipt_number")
    sequences = [int(each.receipt_number.split("-")[2]) for each in receipts]
    assert sequences == list(range(1, len(receipts) + 1))


async def test_closed_means_closed_to_the_second(town: Municipality, clock: Clock) -> None:
    """The closing instant itself is already closed."""
    from tests.people import CLOSES

    with pytest.raises(PhaseClosed):
        await service.publish(town.beto, town.topic.thread_id, Said("Tarde."), now=CLOSES)
    assert await Contribution.of(town.entity.id).filter(body_source="Tarde.").count() == 0


async def test_the_neighbours_thread_is_not_there(town: Municipality) -> None:
    """Another entity's thread, or a parent in another thread, sounds as if it did not exist."""
    with pytest.raises(NotFound):
        await service.publish(town.nora, town.topic.thread_id, Said("Hola."), now=NOW)
    with pytest.raises(NotFound):
        await say(town, town.beto, "Hola.", parent_id=town.neighbour_topic.id)


async def test_an_edit_keeps_the_earlier_words(town: Municipality) -> None:
    """The history holds what was said before, and the page shows what is said now."""
    await service.edit(town.ana, town.topic.id, "El puente **ya** se cayó.", now=NOW)
    edited = await Contribution.of(town.entity.id).get(id=town.topic.id)
    revision = await Revision.of(town.entity.id).get(contribution_id=town.topic.id)
    assert revision.body_source == "El puente se cae."
    assert edited.body_html == "<p>El puente <strong>ya</strong> se cayó.</p>"
    assert edited.edit_count == 1


async def test_saving_the_same_words_is_no_edit(town: Municipality) -> None:
    """Nothing changes when nothing was changed."""
    await service.edit(town.ana, town.topic.id, "El puente se cae.", now=NOW)
    assert await Revision.of(town.entity.id).all().count() == 0


async def test_only_the_author_edits_and_removes(town: Municipality) -> None:
    """Somebody else's contribution is not there to be changed, not even for the moderator."""
    for actor in (town.beto, town.carmen, town.elsa, town.nora):
        with pytest.raises(NotFound):
            await service.edit(actor, town.topic.id, "Otra cosa.", now=NOW)
        with pytest.raises(NotFound):
            await service.remove(actor, town.topic.id, now=NOW)


async def test_a_removed_contribution_leaves_its_place_and_no_words(town: Municipality) -> None:
    """Taking back erases text and history; the answers stay under the empty place."""
    await service.edit(town.ana, town.topic.id, "El puente, otra vez.", now=NOW)
    reply = await say(town, town.beto, "De acuerdo.", parent_id=town.topic.id)
    await service.remove(town.ana, town.topic.id, now=NOW)
    removed = await Contribution.of(town.entity.id).get(id=town.topic.id)
    assert (removed.state, removed.body_source, removed.body_html) == ("removed_by_author", "", "")
    assert await Revision.of(town.entity.id).all().count() == 0
    assert (await Contribution.of(town.entity.id).get(id=reply.id)).state == "published"


async def test_a_removed_contribution_cannot_be_answered_or_edited(town: Municipality) -> None:
    """What is no longer there takes no replies, edits or supports."""
    await service.remove(town.ana, town.topic.id, now=NOW)
    with pytest.raises(Conflict):
        await say(town, town.beto, "¿Qué decía?", parent_id=town.topic.id)
    with pytest.raises(Conflict):
        await service.edit(town.ana, town.topic.id, "Vuelvo.", now=NOW)
    with pytest.raises(Conflict):
        await service.set_support(town.beto, town.topic.id, wanted=True, now=NOW)


async def _supports(town: Municipality) -> tuple[int, int, int]:
    contribution = await Contribution.of(town.entity.id).get(id=town.topic.id)
    thread = await Thread.of(town.entity.id).get(id=town.topic.thread_id)
    rows = await Support.of(town.entity.id).filter(contribution_id=town.topic.id).count()
    return contribution.support_count, thread.support_count, rows


async def test_a_support_counts_once_and_can_be_taken_back(town: Municipality) -> None:
    """Pressing twice, also at the same time, counts once; taking back counts none."""
    await asyncio.gather(
        *(service.set_support(town.beto, town.topic.id, wanted=True, now=NOW) for _ in range(8))
    )
    assert await _supports(town) == (1, 1, 1)
    for _ in range(2):
        await service.set_support(town.beto, town.topic.id, wanted=False, now=NOW)
    assert await _supports(town) == (0, 0, 0)


async def test_nobody_supports_their_own(town: Municipality) -> None:
    """One's own contribution takes no support of one's own."""
    with pytest.raises(Conflict):
        await service.set_support(town.ana, town.topic.id, wanted=True, now=NOW)
    assert await _supports(town) == (0, 0, 0)


async def test_supports_and_replies_in_parallel_do_not_deadlock(town: Municipality) -> None:
    """Supports of a contribution and answers to it wait for each other and all succeed."""
    await asyncio.gather(
        *(say(town, town.beto, f"Respuesta {n}", parent_id=town.topic.id) for n in range(10)),
        *(
            service.set_support(actor, town.topic.id, wanted=True, now=NOW)
            for actor in (town.beto, town.carmen, town.diego, town.alma)
        ),
    )
    topic = await Contribution.of(town.entity.id).get(id=town.topic.id)
    assert (topic.reply_count, topic.support_count) == (10, 4)


async def test_a_failing_act_leaves_nothing_behind(town: Municipality) -> None:
    """When the last step of a post fails, no row, number or receipt of it remains."""
    # The event is written last: another one under its number makes the database refuse it.
    in_the_way = await ThreadEvent.create(
        entity_id=town.entity.id, thread_id=town.topic.thread_id, number=2, kind="edited", at=NOW
    )
    with pytest.raises(Conflict):
        await say(town, town.beto, "Nunca dicho.", parent_id=town.topic.id)
    await in_the_way.delete()
    kept = await say(town, town.beto, "Dicho.")
    assert kept.number == 2
    assert await Contribution.of(town.entity.id).filter(body_source="Nunca dicho.").count() == 0
    assert (await Contribution.of(town.entity.id).get(id=town.topic.id)).reply_count == 0
    sequences = [
        int(each.receipt_number.split("-")[2])
        for each in await Contribution.of(town.entity.id).order_by("id")
    ]
    assert sequences == [1, 2]
