"""Who is told what by mail, and what a mail never says."""

import re

import pytest

from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.accounts.sessions import actor_for
from participa.deliberation import service
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.saying import Said
from participa.deliberation.service import publish, set_support
from participa.entities.models import Entity
from participa.insights.service import publish_report
from participa.moderation.service import hide
from participa.notifications.models import Notice
from participa.notifications.rules import MAX_QUOTE, Wishes
from participa.notifications.service import choose
from participa.processes.models import Process
from tests.conftest import Clock
from tests.notifications.telling import PostOffice, Worker, reply
from tests.people import Municipality, person
from tests.security.world import make_report

OFFICE = "Secretaría de Planeación"


async def test_an_answer_is_told(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """The author learns who answered, in which words and where; the writer gets nothing."""
    said = await reply(town, town.beto, "Yo también lo cruzo a diario.", clock)
    await worker.work()
    (text,) = office.texts()
    assert office.subjects() == ["Le respondieron en «El puente»"]
    assert "Beto escribió:\n> Yo también lo cruzo a diario.\n" in text
    assert f"https://laloma.test/aportes/{said.receipt_number}" in text
    assert len(office.letters) == 1


async def test_what_is_said_to_nobody_in_particular_answers_the_opening(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Who opened a topic is told of what is said under it."""
    await reply(town, town.beto, "De acuerdo.", clock, general=True)
    await worker.work()
    assert len(office.texts()) == 1


async def test_the_entitys_answer_says_so(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """The subject tells an official answer from a neighbour's."""
    await reply(town, town.diego, "Se arregla en marzo.", clock, office=OFFICE)
    await worker.work()
    assert office.subjects() == ["Respuesta oficial de La Loma en «El puente»"]
    assert f"{OFFICE}, en nombre de La Loma, respondió:" in office.texts()[0]


async def test_results_are_told_to_who_took_part(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Authors and supporters are told once, with the report's address; nobody else is."""
    await set_support(town.beto, town.topic.id, wanted=True, now=clock())
    await reply(town, town.diego, "Gracias.", clock, office=OFFICE, to=town.topic)
    draft, _cluster = await make_report(town.entity, town.process, town.topic, None)
    await worker.work()
    office.letters.clear()
    await publish_report(town.diego, draft.id, clock())
    await worker.work()
    await worker.work(minutes=60)
    assert {each["To"] for each in office.letters} == {"ana@example.org", "beto@example.org"}
    assert len(office.letters) == 2
    assert office.subjects() == ["Ya hay resultados de «Proceso plan»"]
    assert "https://laloma.test/informes/1" in office.texts()[0]
    second, _cluster = await make_report(town.entity, town.process, town.topic, None)
    await publish_report(town.diego, second.id, clock())
    await worker.work()
    assert "https://laloma.test/informes/2" in office.texts()[1]
    assert len(office.letters) == 4


async def test_a_hidden_process_tells_nothing(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Between the answer and the mail the process was taken back: no mail names it."""
    await reply(town, town.beto, "Hola.", clock)
    await Process.of(town.entity.id).filter(id=town.process.id).update(is_published=False)
    await worker.work()
    assert office.letters == []


async def test_nobody_is_told_of_their_own_words(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Answering oneself causes no mail."""
    await reply(town, town.ana, "Agrego algo.", clock)
    await reply(town, town.ana, "Y algo más.", clock, general=True)
    await worker.work()
    assert office.letters == []


@pytest.mark.parametrize(
    "change", [{"kind": "imported"}, {"is_active": False}, {"is_demo": True}, {"email": None}]
)
async def test_who_cannot_be_told_is_not(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice, change: dict[str, object]
) -> None:
    """No mail for imported, deactivated and invented people, nor without an address."""
    await Person.of(town.entity.id).filter(id=town.ana.person_id).update(**change)
    await reply(town, town.beto, "Hola.", clock)
    await worker.work()
    assert office.letters == []
    assert await Notice.of(town.entity.id).count() == 0


async def test_who_leaves_before_the_mail_gets_none(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Somebody deactivated after the event and before the sending is not written to."""
    office.refuses = True
    await reply(town, town.beto, "Hola.", clock)
    await worker.work()
    office.refuses = False
    await Person.of(town.entity.id).filter(id=town.ana.person_id).update(is_active=False)
    await worker.work(minutes=30)
    assert office.letters == []


async def test_a_choice_holds(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Who wants only the entity's answers gets only those, in the language they chose."""
    wishes = Wishes(on_reply=False, on_results=False, locale="en")
    await choose(town.entity.id, town.ana.person_id or 0, wishes, clock())
    await reply(town, town.beto, "Hola.", clock)
    await reply(town, town.diego, "Se arregla.", clock, office=OFFICE)
    await worker.work()
    (text,) = office.texts()
    assert office.subjects() == ["Official answer from La Loma in “El puente”"]
    assert "Hola." not in text
    assert "Choose which notices you receive" in text


async def test_the_entitys_language_serves_who_chose_none(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Without a language kept, the mail speaks the entity's."""
    await Entity.filter(id=town.entity.id).update(locale="en")
    await reply(town, town.beto, "Hola.", clock)
    await worker.work()
    assert "wrote" in office.texts()[0]


async def test_t23_hidden_words_are_in_no_mail(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Hidden or taken back between the event and the mail, words are not sent, nor the rest."""
    hidden = await reply(town, town.beto, "palabraoculta", clock)
    taken_back = await reply(town, town.beto, "palabraretirada", clock)
    await hide(town.carmen, hidden.id, rule="1", now=clock())
    await service.remove(town.beto, taken_back.id, now=clock())
    await worker.work()
    assert office.letters == []
    await reply(town, town.beto, "Visible.", clock)
    await worker.work()
    (text,) = office.texts()
    assert "palabra" not in text
    assert "Visible." in text


async def test_t23_the_mail_quotes_what_is_published_now(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """A text edited before the mail goes is quoted as it stands."""
    said = await reply(town, town.beto, "palabravieja", clock)
    await service.edit(town.beto, said.id, "Palabra nueva.", now=clock())
    await worker.work()
    (text,) = office.texts()
    assert "palabravieja" not in text
    assert "Palabra nueva." in text


async def test_t23_a_hidden_topics_title_is_in_no_mail(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Under a hidden opening the conversation is called by its process."""
    said = await reply(town, town.beto, "Digo.", clock, general=True)
    await hide(town.carmen, town.topic.id, rule="1", now=clock())
    await reply(town, town.ana, "Respondo.", clock, to=said)
    await worker.work()
    assert office.texts() == []
    assert office.subjects("beto@example.org") == ["Le respondieron en «Proceso plan»"]
    assert "El puente" not in office.texts("beto@example.org")[0]


async def test_t23_a_hidden_thread_tells_nothing(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Nothing of a thread that was hidden as a whole is told."""
    await reply(town, town.beto, "Hola.", clock)
    await Thread.of(town.entity.id).filter(id=town.topic.thread_id).update(is_hidden=True)
    await worker.work()
    assert office.letters == []


async def test_a_quotation_is_short_and_plain(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """At most 300 characters of words, marks and addresses of links left out."""
    text = "**Fuerte** y [enlace](https://example.org/x).\n\n" + "palabra " * 200
    await reply(town, town.beto, text, clock)
    await worker.work()
    (letter,) = office.texts()
    quote = " ".join(line[2:] for line in letter.splitlines() if line.startswith("> "))
    assert quote.startswith("Fuerte y enlace. palabra")
    assert MAX_QUOTE - 20 < len(quote) <= MAX_QUOTE
    assert "example.org/x" not in letter


async def test_a_title_makes_no_header(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """T08: a line break in a title does not break the mail, nor adds a line to its head."""
    thread = Thread.of(town.entity.id).filter(id=town.topic.thread_id)
    await thread.update(title="El puente\r\nBcc: otra@example.org")
    await reply(town, town.beto, "Hola.", clock)
    await worker.work()
    (letter,) = office.letters
    assert letter["Bcc"] is None
    assert "El puente Bcc: otra@example.org" in str(letter["Subject"])


async def test_t20_the_neighbours_are_not_told(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """An answer next door is told next door, with its own address, and not here."""
    other = await person(town.neighbour, "Olga")
    await publish(
        other, town.neighbour_topic.thread_id, Said("Aquí también."), now=clock(),
        parent_id=town.neighbour_topic.id,
    )  # fmt: skip
    await worker.work()
    assert {each["To"] for each in office.letters} == {"nora@example.org"}
    assert "https://vecina.test/" in office.texts("nora@example.org")[0]


async def test_old_news_are_no_news(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """What happened more than a week before it is read causes no mail."""
    await reply(town, town.beto, "Hola.", clock)
    await worker.work(minutes=8 * 24 * 60)
    assert office.letters == []


async def test_every_mail_says_how_to_stop(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Each mail has the page to choose and a link of its own whose token is kept nowhere."""
    await reply(town, town.beto, "Hola.", clock)
    await worker.work()
    (text,) = office.texts()
    assert "https://laloma.test/avisos\n" in text
    (token,) = re.findall(r"https://laloma\.test/avisos/parar/(\S+)", text)
    notice = await Notice.of(town.entity.id).get()
    assert token not in str(vars(notice))


async def test_a_deep_reply_is_told_to_whom_it_answers(
    town: Municipality, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """A reply to a reply is told to that one's author, not to who opened the topic."""
    first: Contribution = await reply(town, town.beto, "Uno.", clock)
    await worker.work()
    office.letters.clear()
    carmen: Actor = await actor_for(await Person.of(town.entity.id).get(id=town.carmen.person_id))
    await reply(town, carmen, "Dos.", clock, to=first)
    await worker.work()
    assert [each["To"] for each in office.letters] == ["beto@example.org"]
