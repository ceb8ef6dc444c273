"""Who made or supports a proposal is told by mail where it came to."""

from participa.consultations.courses import set_course
from participa.consultations.rules import Course
from participa.consultations.service import open_proposals, propose
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.deliberation.service import set_support
from participa.notifications.models import Notice
from tests.conftest import Clock
from tests.notifications.telling import PostOffice, Worker
from tests.people import Municipality


async def supported(town: Municipality, clock: Clock) -> Contribution:
    """Let Ana propose, and Beto and the official support it."""
    call = await open_proposals(
        entity_id=town.entity.id, process_id=town.process.id, title="Ideas para el lote"
    )
    said = await propose(town.ana, call, title="Una cancha", body="Con luces.", now=clock())
    for actor in (town.beto, town.diego):
        await set_support(actor, said.id, wanted=True, now=clock())
    return said


async def test_a_step_is_told(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Author and supporters learn the state, why and where to read; who set it does not."""
    said = await supported(town, clock)
    await set_course(
        town.diego, said.thread_id, Course.NOT_VIABLE, since=Course.RECEIVED,
        reason="El lote es de la nación.", now=clock(),
    )  # fmt: skip
    await worker.work()
    assert office.subjects() == ["No viable: «Una cancha»"]
    (text,) = office.texts()
    assert "> El lote es de la nación." in text
    assert f"https://laloma.test/hilos/{said.thread_id}" in text
    assert len(office.texts("beto@example.org")) == 1
    assert office.texts("diego@example.org") == []


async def test_several_steps_are_one_mail(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """What moves twice before the mail goes is told once, as it stands then."""
    said = await supported(town, clock)
    for since, to in ((Course.RECEIVED, Course.VIABLE), (Course.VIABLE, Course.ADOPTED)):
        await set_course(town.diego, said.thread_id, to, since=since, reason="", now=clock())
    await worker.work()
    await worker.work(minutes=30)
    assert office.subjects() == ["Acogida: «Una cancha»"]


async def test_of_what_is_hidden_nothing_is_told(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """A proposal that can no longer be read is in no mail."""
    said = await supported(town, clock)
    await set_course(
        town.diego, said.thread_id, Course.VIABLE, since=Course.RECEIVED, reason="", now=clock()
    )
    await Contribution.of(town.entity.id).filter(id=said.id).update(state=State.HIDDEN)
    await worker.work()
    assert office.letters == []
    assert await Notice.of(town.entity.id).filter(kind="course").count() == 0
