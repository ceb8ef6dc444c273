"""Who is told by mail that a conversation was closed, or that what they said was moved."""

from participa.consultations.coauthors import cosigners
from participa.consultations.courses import set_course
from participa.consultations.models import Coauthor
from participa.consultations.rules import Course
from participa.consultations.service import open_proposals, propose
from participa.deliberation import service
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.saying import Said
from participa.facilitation.merges import merge, unmerge
from participa.facilitation.moves import move
from participa.facilitation.service import conclude
from participa.forums.service import start_topic
from tests.conftest import Clock
from tests.deliberation.talking import say
from tests.notifications.telling import PostOffice, Worker
from tests.people import NOW, Municipality

WORDS = "Se arregla **en marzo**; la Secretaría informa cada mes."


async def test_who_spoke_is_told_by_mail(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Everybody who spoke gets one mail with the words and where to read them; the closer none."""
    await say(town, town.beto, "Yo.")
    await say(town, town.carmen, "Y yo.")
    await worker.work()
    office.letters.clear()
    await conclude(town.carmen, town.topic.thread_id, WORDS, now=clock())
    await worker.work()
    await worker.work(minutes=60)
    assert {each["To"] for each in office.letters} == {"ana@example.org", "beto@example.org"}
    assert office.subjects() == ["Se cerró con una conclusión «El puente»"]
    assert "> Se arregla en marzo" in office.texts()[0]
    assert f"https://laloma.test/hilos/{town.topic.thread_id}" in office.texts()[0]


async def test_a_hidden_title_is_not_mailed(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Where the opening was taken back, the mail calls the thread by its process."""
    await say(town, town.beto, "Yo.")
    await service.remove(town.ana, town.topic.id, now=NOW)
    await conclude(town.diego, town.topic.thread_id, WORDS, now=clock())
    await worker.work()
    (subject,) = office.subjects("beto@example.org")
    assert "El puente" not in subject
    assert town.process.title in subject


async def test_who_wrote_it_is_told_where_it_went(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Each author of what was moved gets one mail with the new place and the way to the reason."""
    said = await say(town, town.beto, "La plaza primero.")
    await say(town, town.ana, "Sí.", parent_id=said.id)
    other = await start_topic(
        town.diego, town.forum, title="La plaza", said=Said("Hola."), now=clock()
    )
    await worker.work()
    office.letters.clear()
    await move(town.carmen, said.id, other.thread_id, reason="Es de la plaza.", now=clock())
    await worker.work()
    await worker.work(minutes=60)
    assert {each["To"] for each in office.letters} == {"ana@example.org", "beto@example.org"}
    (text,) = office.texts("beto@example.org")
    assert "> La plaza primero." in text
    assert f"https://laloma.test/aportes/{said.receipt_number}" in text
    assert f"https://laloma.test/hilos/{other.thread_id}/actuaciones" in text


async def test_authors_of_what_was_merged_are_told(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """One mail says into what, with its link; another one, later, that it was separated."""
    kept, same = await say(town, town.ana, "Falta luz."), await say(town, town.beto, "No hay luz.")
    await worker.work()
    office.letters.clear()
    await merge(town.diego, same.id, kept.id, reason="Es lo mismo.", now=clock())
    await worker.work()
    assert {each["To"] for each in office.letters} == {"beto@example.org"}
    beto = "beto@example.org"
    assert office.subjects(beto) == ["Lo que usted dijo se unió a «El puente»"]
    assert f"https://laloma.test/aportes/{kept.receipt_number}" in office.texts(beto)[0]
    await unmerge(town.diego, same.id, reason="Eran distintas.", now=clock())
    await worker.work(minutes=60)
    (_first, second) = office.subjects(beto)
    assert second == "Lo que usted dijo en «El puente» está otra vez por su cuenta"


async def test_a_merge_is_told_to_who_signed_it(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Co-authors of a merged proposal get the mail too; who typed what came on paper gets none."""
    call = await open_proposals(
        entity_id=town.entity.id, process_id=town.process.id, title="Ideas para el lote"
    )
    kept = await propose(town.carmen, call, title="Una cancha", body="Con luces.", now=clock())
    same = await propose(town.ana, call, title="Cancha", body="Cubierta.", now=clock())
    paper = await propose(town.diego, call, title="La cancha", body="Ya.", now=clock())
    await Contribution.of(town.entity.id).filter(id=paper.id).update(channel="paper")
    thread = await Thread.of(town.entity.id).get(id=same.thread_id)
    await Coauthor.create(
        entity_id=town.entity.id, thread=thread, person_id=town.beto.person_id, joined_at=clock()
    )
    await worker.work()
    office.letters.clear()
    for each in (same, paper):
        await merge(
            town.alma, each.id, kept.id, reason="Es lo mismo.", now=clock(), cosigners=cosigners
        )
    await worker.work()
    assert {each["To"] for each in office.letters} == {"ana@example.org", "beto@example.org"}
    office.letters.clear()
    await set_course(
        town.alma, kept.thread_id, Course.VIABLE, since=Course.RECEIVED, reason="", now=clock()
    )
    await worker.work()
    told = {each["To"] for each in office.letters}
    assert told == {"ana@example.org", "beto@example.org", "carmen@example.org"}
