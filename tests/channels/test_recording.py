"""Recording what came by other channels: posted, counted, numbered; whole or not at all."""

import asyncio

import pytest

from participa.accounts.permissions import Actor
from participa.audit import AuditRecord
from participa.channels.models import Organisation, Recorded, Recording
from participa.consultations.service import open_proposals
from participa.deliberation.models import Contribution
from participa.deliberation.voices import Count, heard_in_process
from participa.entities.models import Territory
from participa.moderation.service import hide
from participa.territory.models import Placement
from tests.conftest import Clock
from tests.consultations.consulting import import_text, thread_about
from tests.people import NOW, Municipality
from tests.visitors import Visitor, Web, page_text

URL = "/gestion/procesos/plan/registros/nuevo"
DAY = "2026-11-20"
MESA = {
    "kind": "workshop", "rows": "5", "do": "save", "held_on": DAY, "place": "El Salado",
    "people": "23", "where_1": "El puente", "body_1": "Falta el puente.",
    "where_3": "el puente", "body_3": "Y la baranda.", "stance_3": "against",
}  # fmt: skip
CALLS = {
    "kind": "telephone", "rows": "5", "do": "save", "held_on": DAY,
    "where_1": "El puente", "body_1": "Llamo por el puente.", "person_1": "A",
    "where_2": "El puente", "body_2": "Y por la luz.", "person_2": "A",
    "where_3": "El puente", "body_3": "Otra llamada.",
}  # fmt: skip
LETTER = {
    "kind": "organisation", "rows": "5", "do": "save", "held_on": DAY,
    "name": "Junta de Acción Comunal El Salado", "sort": "jac", "nit": "899.999.090-2",
    "where_1": "El puente", "body_1": "La junta pide el puente.",
}  # fmt: skip


async def said(town: Municipality) -> list[Contribution]:
    """Give what was recorded, as it was posted."""
    ids = await Recorded.of(town.entity.id).order_by("id").values_list("contribution_id", flat=True)
    return [await Contribution.of(town.entity.id).get(id=each) for each in ids]


async def desk(web: Web, actor: Actor) -> Visitor:
    """Open the site as somebody of the staff."""
    return await web.visit(actor)


async def test_a_mesa_is_posted_and_counts_once(town: Municipality, web: Web) -> None:
    """Each contribution has its receipt and thread; twenty-three people, however many they are."""
    diego = await desk(web, town.diego)
    sheet = await diego.follow(await diego.post(URL, MESA))
    first, second = await said(town)
    assert (first.channel, first.people_count, first.place) == ("workshop", 23, "El Salado")
    assert first.author_id is None
    assert (second.stance, first.thread_id) == ("against", town.topic.thread_id)
    assert (await heard_in_process(town.entity.id, town.process.id)).all == Count(3, 24)
    for row in (first, second):
        assert row.receipt_number in sheet.text
    page = await (await web.visit()).get(f"/aportes/{first.receipt_number}")
    recording = await Recording.of(town.entity.id).get()
    assert f'href="/registros/{recording.id}">Mesa de trabajo, El Salado</a>' in page.text
    acts = AuditRecord.of(town.entity.id).filter(action="channels.record")
    assert await acts.count() == 1
    thread = page_text(await diego.get(f"/hilos/{town.topic.thread_id}"))
    assert "Mesa de trabajo 23 personas El Salado" in thread


async def test_calls_are_one_person_each_unless_told(town: Municipality, web: Web) -> None:
    """Two contributions marked as one person's are one person; the third is another."""
    diego = await desk(web, town.diego)
    await diego.post(URL, CALLS)
    heard = await heard_in_process(town.entity.id, town.process.id)
    assert heard.channels["telephone"] == Count(3, 2)


async def test_an_organisation_is_never_added_to_people(town: Municipality, web: Web) -> None:
    """It speaks by its name, is written down once, and is counted apart."""
    diego = await desk(web, town.diego)
    await diego.post(URL, LETTER)
    again = {**LETTER, "name": "JUNTA de acción comunal  El Salado", "body_1": "Y la luz."}
    await diego.post(URL, again)
    assert await Organisation.of(town.entity.id).count() == 1
    heard = await heard_in_process(town.entity.id, town.process.id)
    assert heard.all == Count(3, 1, 1)
    assert heard.channels["organisation"] == Count(2, 0, 1)
    page = page_text(await diego.get(f"/hilos/{town.topic.thread_id}"))
    assert "Junta de Acción Comunal El Salado" in page
    assert "1 persona · 1 organización" in page
    report = page_text(await diego.get("/procesos/plan"))
    assert "Organizaciones: 2 aportes, 1 organización" in report


async def test_sections_proposals_and_topics(town: Municipality, web: Web) -> None:
    """A row goes to the section of its number, or opens the proposal or topic it names."""
    await import_text(town.process)
    await open_proposals(entity_id=town.entity.id, process_id=town.process.id, title="Ideas")
    diego = await desk(web, town.diego)
    rows = {
        "where_1": "1.1", "body_1": "Más filtros.",
        "where_2": "Propuesta nueva: Ideas", "title_2": "Un paradero", "body_2": "Con techo.",
        "where_3": "Tema nuevo: Vías", "title_3": "La trocha", "body_3": "Está mala.",
    }  # fmt: skip
    answer = await diego.post(URL, {**MESA, **rows})
    assert answer.status_code == 303
    section, proposal, topic = await said(town)
    assert section.thread_id == (await thread_about(town.process, "programa-1-1")).id
    assert (proposal.is_opening, topic.is_opening) == (True, True)
    assert "Un paradero" in (await diego.get(f"/hilos/{proposal.thread_id}")).text


async def test_what_is_wrong_is_said_row_by_row(town: Municipality, web: Web) -> None:
    """Everything typed comes back beside its message, and nothing is stored."""
    diego = await desk(web, town.diego)
    wrong = {
        **MESA, "people": "0", "where_1": "El acueducto", "body_2": "¿Dónde va esto?",
        "where_4": "Tema nuevo: Vías", "body_4": "Sin título.",
        "where_5": "El puente", "title_5": "Sobra", "body_5": "Con título.",
    }  # fmt: skip
    answer = await diego.post(URL, wrong)
    assert answer.status_code == 422
    told = page_text(answer)
    for words in (
        "Escriba un número entre 1 y 5000",
        "No hay aquí nada que se llame «El acueducto»",
        "Escriba de qué apartado, tema o propuesta se trata",
        "Ponga un título a lo que proponen",
        "El título es para lo que abre",
    ):
        assert words in told
    for kept in ("El acueducto", "¿Dónde va esto?", "Sin título.", "Sobra"):
        assert kept in answer.text
    assert await Recording.of(town.entity.id).count() == 0


async def test_only_what_was_said_in_time(town: Municipality, web: Web, clock: Clock) -> None:
    """A day outside the phases or to come is refused; one in time is taken after the closing."""
    diego = await desk(web, town.diego)
    for day, words in (("2026-11-01", "no se recibían"), ("2026-11-24", "no ha llegado"),
                       ("ayer", "año-mes-día")):  # fmt: skip
        answer = await diego.post(URL, {**MESA, "held_on": day})
        assert (answer.status_code, words in answer.text) == (422, True)
    clock.move(days=30)
    diego = await desk(web, town.diego)
    assert (await diego.post(URL, MESA)).status_code == 303


async def test_twice_is_once(town: Municipality, web: Web) -> None:
    """The same form sent twice, at once or later, makes one recording."""
    diego = await desk(web, town.diego)
    form = {**MESA, "request_key": "k1"}
    answers = await asyncio.gather(*(diego.post(URL, form) for _each in range(3)))
    answers.append(await diego.post(URL, form))
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(await said(town)) == 2


async def test_more_rows_keep_what_was_typed(town: Municipality, web: Web) -> None:
    """The button for more rows adds five, up to the most, and stores nothing."""
    diego = await desk(web, town.diego)
    answer = await diego.post(URL, {**MESA, "do": "more"})
    assert answer.status_code == 200
    assert 'name="body_10"' in answer.text
    assert "Y la baranda." in answer.text
    most = await diego.post(URL, {**MESA, "rows": "30", "do": "more"})
    assert 'name="body_31"' not in most.text
    assert 'value="more"' not in most.text
    assert await said(town) == []


async def test_hidden_words_are_not_on_the_sheet(town: Municipality, web: Web) -> None:
    """What a moderator hides leaves only its receipt on the sheet of receipts."""
    diego = await desk(web, town.diego)
    await diego.post(URL, MESA)
    row = (await said(town))[0]
    recording = await Recording.of(town.entity.id).get()
    await hide(town.carmen, row.id, rule="1", note="", now=NOW)
    sheet = page_text(await (await web.visit()).get(f"/registros/{recording.id}"))
    assert "Falta el puente." not in sheet
    assert row.receipt_number in sheet


async def test_a_form_to_print_names_the_sections(town: Municipality, web: Web) -> None:
    """The form for meetings has the sections, the signatures and the authorisation of data."""
    await import_text(town.process)
    page = page_text(await (await web.visit()).get("/procesos/plan/formato"))
    for words in ("1.1 Acueductos", "Número de asistentes", "Firmas", "Ley 1581 de 2012"):
        assert words in page


async def test_an_organisation_bears_a_name_that_can_be_read(town: Municipality, web: Web) -> None:
    """Marks that turn the writing, and names of signs only, come back beside the field (T06)."""
    diego = await desk(web, town.diego)
    for name in ("Junta \u202eodalaS", "---", "Junta \u200b\u200bEl Salado"):
        answer = await diego.post(URL, LETTER | {"name": name})
        assert answer.status_code == 422, name
    assert await Organisation.of(town.entity.id).count() == 0


async def test_two_letters_of_a_new_organisation_at_once(town: Municipality, web: Web) -> None:
    """Both are recorded, and the organisation is one."""
    one, other = await desk(web, town.diego), await desk(web, town.alma)
    sent = await asyncio.gather(
        one.post(URL, LETTER | {"request_key": "a"}),
        other.post(URL, LETTER | {"request_key": "b", "body_1": "Y la escuela."}),
    )
    assert [answer.status_code for answer in sent] == [303, 303]
    assert await Organisation.of(town.entity.id).count() == 1
    assert await Recording.of(town.entity.id).count() == 2


async def test_rows_are_of_a_place(town: Municipality, web: Web) -> None:
    """A row speaks of the place it names, or else of where the session was; none is made up."""
    other = await Territory.create(entity=town.entity, kind="barrio", name="Alto")
    diego = await desk(web, town.diego)
    wrong = await diego.post(URL, {**MESA, "area_1": "El Olvido"})
    assert wrong.status_code == 422
    assert 'value="El Olvido"' in wrong.text
    assert not await Recording.of(town.entity.id).exists()
    await diego.post(URL, {**MESA, "area_3": "barrio alto"})
    first, second = await said(town)
    placed = {each.contribution_id: each.territory_id for each in await Placement.all()}
    home = await Territory.of(town.entity.id).get(name="El Salado")
    assert placed == {first.id: home.id, second.id: other.id}
    await diego.post(URL, {**CALLS, "place": "La emisora"})
    assert await Placement.all().count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"held_on": "2026-11-19"}, "2 de los aportes dicen allá lo mismo"),
        ({"place": "La escuela", "people": "40", "source": "Otra hoja"}, "dicen allá lo mismo"),
        ({"held_on": "2026-11-19", "body_3": "Y otra cosa."}, "1 de los aportes"),
        ({"body_1": "Nada igual.", "body_3": "Tampoco."}, "Ya se registró"),
    ],
)
async def test_a_session_that_looks_recorded(
    town: Municipality, web: Web, changes: dict[str, str], words: str
) -> None:
    """The same mesa under another date, place or name counts once, unless an official insists."""
    diego = await desk(web, town.diego)
    await diego.post(URL, MESA)
    again = {**MESA, **changes, "request_key": "k2"}
    told = await diego.post(URL, again)
    assert told.status_code == 422
    assert words in page_text(told)
    assert again["body_1"] in told.text
    assert (await heard_in_process(town.entity.id, town.process.id)).all == Count(3, 24)
    assert (await diego.post(URL, {**again, "again": "1"})).status_code == 303
    assert await Recording.of(town.entity.id).count() == 2


async def test_another_session_is_no_repetition(town: Municipality, web: Web) -> None:
    """The same place another day with other words is recorded without a question."""
    diego = await desk(web, town.diego)
    await diego.post(URL, MESA)
    other = {**MESA, "held_on": "2026-11-19", "body_1": "Otra cosa.", "body_3": "Y otra."}
    assert (await diego.post(URL, other)).status_code == 303
    assert (await diego.post(URL, {**CALLS, "body_1": "La luz."})).status_code == 303
    assert await Recording.of(town.entity.id).count() == 3
