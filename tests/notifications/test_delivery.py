"""Each notice once: workers side by side, workers that die, servers that are down, digests."""

import asyncio
from datetime import timedelta

import pytest

from participa.answers.queries import formal_answers
from participa.deliberation.models import ThreadEvent
from participa.insights.queries import results_since
from participa.jobs import Job, run_due
from participa.jobs.queue import CLAIM
from participa.notifications import reading, sending
from participa.notifications.feature import no_cosigners
from participa.notifications.models import Notice, Position
from participa.notifications.reading import MAIL_NOTICE, read_events
from participa.notifications.rules import RETRIES, WINDOW
from tests.conftest import Clock
from tests.notifications.telling import TELLINGS, PostOffice, Worker, reply, served
from tests.people import Municipality


async def test_a_thread_sends_one_mail_in_ten_minutes(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """The first answer is told at once; what comes in the next ten minutes goes together."""
    await reply(town, town.beto, "Uno.", clock)
    await worker.work()
    assert len(office.letters) == 1
    for text in ("Dos.", "Tres."):
        await reply(town, town.beto, text, clock)
        await worker.work(minutes=2)
    assert len(office.letters) == 1
    await worker.work(minutes=8)
    assert len(office.letters) == 2
    assert office.subjects()[1] == "2 respuestas en «El puente»"
    assert "Dos." in office.texts()[1]
    assert "Tres." in office.texts()[1]
    assert "Uno." not in office.texts()[1]
    await worker.work(minutes=60)
    assert len(office.letters) == 2


async def test_a_digest_is_short_and_keeps_the_entitys_answer(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Of many answers ten are quoted, the entity's first, and the rest counted."""
    for number in range(11):
        await reply(town, town.beto, f"Respuesta {number}.", clock)
    await reply(town, town.diego, "Se arregla.", clock, office="Obras")
    await worker.work()
    (text,) = office.texts()
    assert text.count("> ") == 10
    assert text.index("Se arregla.") < text.index("Respuesta 0.")
    assert "Y 2 respuestas más." in text


async def test_parallel_workers_do_not_double(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Four workers reading and sending at once: one mail a person and thread, nothing left."""
    office.slow = 0.05
    for number in range(12):
        await reply(town, town.beto, f"Respuesta {number}.", clock)
        await reply(town, town.ana, f"Otra {number}.", clock, to=town.topic, general=True)
    clock.move(minutes=1)
    every = {"notifications.read_news": timedelta(minutes=1)}
    for _ in range(3):
        await asyncio.gather(*(run_due(worker.handlers(), clock, every) for _ in range(4)))
        clock.move(minutes=11)
    told = await Notice.of(town.entity.id).filter(sent_at__isnull=False).count()
    assert told == 12
    assert await Notice.of(town.entity.id).filter(retry_at__isnull=False).count() == 0
    quotes = [line for text in office.texts() for line in text.splitlines() if line[:2] == "> "]
    assert len(quotes) == len(set(quotes))
    assert len(office.letters) == 1


async def test_parallel_readers_store_each_notice_once(town: Municipality, clock: Clock) -> None:
    """Readers side by side on one entity: each event once, the position at the last."""
    for number in range(10):
        await reply(town, town.beto, f"Respuesta {number}.", clock)
    await asyncio.gather(*(read_events(town.entity.id, no_cosigners, clock()) for _ in range(4)))
    assert await Notice.of(town.entity.id).count() == 10
    assert await Job.filter(name=MAIL_NOTICE).count() == 10
    last = await ThreadEvent.of(town.entity.id).order_by("-id").first()
    position = await Position.of(town.entity.id).get()
    assert last is not None
    assert position.event_id == last.id


async def test_reading_while_people_write_loses_nothing(town: Municipality, clock: Clock) -> None:
    """Events committed while they are read are all found, in whatever order they commit."""

    async def write() -> None:
        for number in range(8):
            await reply(town, town.beto, f"Respuesta {number}.", clock)

    async def read() -> None:
        for _ in range(12):
            await read_events(town.entity.id, no_cosigners, clock())
            await asyncio.sleep(0.01)

    await asyncio.gather(write(), write(), write(), read(), read())
    await read_events(town.entity.id, no_cosigners, clock())
    assert await Notice.of(town.entity.id).count() == 24


async def test_a_reader_that_dies_leaves_everything_as_it_was(
    town: Municipality, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken off between storing and moving on: neither is kept, and the next reader does both."""
    await reply(town, town.beto, "Hola.", clock)

    async def die(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(reading, "enqueue_many", die)
        with pytest.raises(RuntimeError, match="killed"):
            await read_events(town.entity.id, no_cosigners, clock())
    assert await Notice.of(town.entity.id).count() == 0
    assert await Job.filter(name=MAIL_NOTICE).count() == 0
    await read_events(town.entity.id, no_cosigners, clock())
    assert await Notice.of(town.entity.id).count() == 1
    assert await Job.filter(name=MAIL_NOTICE).count() == 1


async def test_many_events_are_read_in_parts(
    town: Municipality,
    clock: Clock,
    worker: Worker,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More events than one transaction reads are read to the end at once."""
    monkeypatch.setattr(reading, "BATCH", 3)
    for number in range(8):
        await reply(town, town.beto, f"Respuesta {number}.", clock)
    await worker.work()
    assert await Notice.of(town.entity.id).count() == 8


async def test_a_sender_that_dies_is_replaced(
    town: Municipality,
    clock: Clock,
    worker: Worker,
    office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A worker killed with a mail in its hands leaves it to another, after its claim."""
    await reply(town, town.beto, "Hola.", clock)

    async def killed(*_arguments: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr("participa.notifications.jobs.write", killed)
        with pytest.raises(asyncio.CancelledError):
            await worker.work()
    await worker.work()
    assert office.letters == []
    await worker.work(minutes=CLAIM.total_seconds() / 60)
    assert len(office.letters) == 1


async def test_a_silent_server_delays_and_never_doubles(town: Municipality, clock: Clock) -> None:
    """With nobody listening the mail waits; when the server is back it goes, once."""
    office = PostOffice(_closed_port())
    worker = Worker(office, clock)
    await reply(town, town.beto, "Hola.", clock)
    await worker.work()
    await worker.work()
    assert office.letters == []
    with served(office):
        for _ in range(5):
            await worker.work(minutes=30)
    assert len(office.letters) == 1
    notice = await Notice.of(town.entity.id).get()
    assert notice.sent_at is not None


def _closed_port() -> int:
    from tests.notifications.telling import free_port

    return free_port()


async def test_a_server_down_for_hours_is_waited_for(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """After the job gave up the mail gets a new one, and goes when the server is well again."""
    office.refuses = True
    await reply(town, town.beto, "Hola.", clock)
    for _ in range(40):
        await worker.work(minutes=5)
    assert await Job.filter(name=MAIL_NOTICE, failed_at__isnull=False).exists()
    office.refuses = False
    for _ in range(12):
        await worker.work(minutes=60)
    assert len(office.letters) == 1


async def test_an_address_nobody_has_is_let_go(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """A mail that never goes is tried for some days and then let go, with nothing left behind."""
    office.refuses = True
    await reply(town, town.beto, "Hola.", clock)
    await worker.work()
    for span in RETRIES:
        await worker.work(minutes=span.total_seconds() / 60 + 1)
    notice = await Notice.of(town.entity.id).get()
    assert notice.retry_at is None
    assert notice.sent_at is None


async def test_a_notice_during_a_sending_waits_its_turn(town: Municipality, clock: Clock) -> None:
    """While one worker has a mail in its hands, another takes nothing about the same thread."""
    await reply(town, town.beto, "Uno.", clock)
    await reply(town, town.beto, "Dos.", clock)
    await read_events(town.entity.id, no_cosigners, clock())
    first, second = await Notice.of(town.entity.id).order_by("id")
    entity_id = town.entity.id
    token, taken = await sending.take(entity_id, first.id, clock())
    assert [each.id for each in taken] == [first.id, second.id]
    assert await sending.take(entity_id, second.id, clock()) == ("", [])
    later = await Job.filter(name=MAIL_NOTICE).order_by("-run_at").first()
    assert later is not None
    assert later.run_at == clock() + WINDOW
    letter = await sending.write(entity_id, token, taken, results_since, formal_answers, TELLINGS)
    await sending.sent(entity_id, token, letter, clock())
    clock.move(minutes=11)
    assert await sending.take(entity_id, second.id, clock()) == ("", [])
