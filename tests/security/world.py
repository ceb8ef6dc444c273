"""One of everything that a route can show or change, for the tests that try every route."""

from dataclasses import dataclass

from participa.accountability.followup.waiting import guessed
from participa.accountability.followup.waiting import keep_sheet as keep_goal_sheet
from participa.accountability.hearing.models import Captions, HearingMinutes
from participa.accountability.hearing.registering import register_other
from participa.accountability.hearing.rules import Mode, Registering
from participa.accountability.models import AccountabilitySession, Goal, GoalSheet
from participa.accountability.service import ask, create_session
from participa.accounts.permissions import Actor, Role
from participa.answers.rules import Decision
from participa.answers.service import answer
from participa.channels.models import CheckedSheet, Recording
from participa.channels.rules import Where
from participa.channels.service import Line, Session, record_session
from participa.channels.waiting import keep_sheet
from participa.consultations.models import Anchor, Consultation
from participa.consultations.rules import SECTION_KIND
from participa.consultations.service import open_plan_consultation, open_proposals, propose
from participa.deliberation import service
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.rules import FILE_OWNER
from participa.deliberation.saying import Said
from participa.deliberation.texts import rendered
from participa.deliberation.verdicts import Verdict
from participa.demo.drawings import library_bus
from participa.entities.models import Entity
from participa.files.forms import store_of
from participa.files.receiving import Received
from participa.files.rules import PNG
from participa.files.service import attach
from participa.insights.models import Cluster, Edit, Quote, ReportMember, ResultReport
from participa.opinion.service import create_round
from participa.petitions.service import Asked, file_petition
from participa.plans.drafts import Document, open_draft
from participa.plans.models import PlanDraft, Section
from participa.plans.parsing import parse_plan
from participa.plans.service import publish_version
from participa.processes.models import Process
from participa.settings import Settings
from participa.surveys.models import Participation, Survey, SurveyTemplate
from participa.surveys.progress import begin_answering
from participa.surveys.questionnaire import Kind, on_one_page, plain_item
from participa.surveys.service import create_survey
from participa.territory.geojson import parse_areas
from participa.territory.service import import_areas
from tests.commitments.promising import promised
from tests.consultations.consulting import comment
from tests.people import CLOSES, NOW, Municipality, person
from tests.territory.maps import THREE

PLAN = "# Eje 1. Campo\n\nVivir del campo.\n\n## Programa 1.1. Vías\n\nArreglar las vías.\n"


@dataclass(frozen=True)
class World:
    """The municipality with a plan, proposals and reports."""

    town: Municipality
    other_moderator: Actor
    section_id: int
    survey_id: int
    session_id: int
    round_id: int
    recording_id: int
    sheet_id: int
    goal_sheet_id: int
    consultation_id: int
    report: ResultReport
    draft: ResultReport
    draft_cluster_id: int
    answer_id: int
    goal_id: int
    plan_draft_id: int
    anchor_id: int
    commitment_id: int
    # Of a picture that everybody may see; 0 where no folder was given to keep it in.
    file_id: int = 0


async def make_plan(entity: Entity, process: Process, author: Actor) -> tuple[int, int]:
    """Publish a small plan, open it and a call for proposals; give section and call."""
    await publish_version(
        entity_id=entity.id, process_id=process.id, title="Plan", parsed=parse_plan(PLAN),
        source=PLAN, now=NOW, actor=author,
    )  # fmt: skip
    await open_plan_consultation(entity_id=entity.id, process_id=process.id, now=NOW)
    await open_proposals(entity_id=entity.id, process_id=process.id, title="Propuestas")
    section = await Section.of(entity.id).first()
    call = await Consultation.of(entity.id).filter(plan_id=None).first()
    assert section is not None
    assert call is not None
    return section.id, call.id


async def make_draft(process: Process, author: Actor) -> PlanDraft:
    """Keep a document to be corrected."""
    document = Document(parse_plan(PLAN), "0" * 64, "Plan", [])
    draft, _is_new = await open_draft(process, document, by=author.name, now=NOW)
    return draft


async def make_report(
    entity: Entity, process: Process, said: Contribution, number: int | None
) -> tuple[ResultReport, int]:
    """Store a report of one theme with one quote: published with a number, a draft without."""
    report = await ResultReport.create(
        entity=entity, process=process, number=number, public_number=number, title="Lo que se dijo",
        state="published" if number else "draft", engine="condense/1", seed=1, digest="0" * 64,
        created_at=NOW, published_at=NOW if number else None, published_by="Diego",
        ledger={"received": 1, "in_themes": 1}, figures={},
    )  # fmt: skip
    cluster = await Cluster.create(
        entity=entity,
        report=report,
        number=1,
        position=1,
        words=["puente"],
        stability=1.0,
        figures={},
    )
    await ReportMember.create(
        entity=entity,
        report=report,
        cluster=cluster,
        contribution=said,
        built_theme=1,
        rank=1,
        standing="theme",
    )
    await Edit.create(
        entity=entity, report=report, number=1, kind="rename", made_by="Diego", made_at=NOW,
        detail={"theme": 1, "name": "Puente"},
    )  # fmt: skip
    await Quote.create(
        entity=entity, cluster=cluster, contribution=said, position=1, role="typical",
        words="El puente se cae.",
    )  # fmt: skip
    return report, cluster.id


async def make_recording(town: Municipality) -> Recording:
    """Record a mesa of twelve people about the bridge."""
    where = Where(
        "El puente", "forums.topic", town.forum.id, "forums.discuss", town.topic.thread_id
    )
    line = Line(where, "Falta el puente.", await rendered("Falta el puente."))
    mesa = Session("workshop", NOW.date(), [line], place="El Salado", people_count=12)
    return await record_session(town.diego, town.process, mesa, now=NOW, request_key=None)


async def attach_picture(town: Municipality, settings: Settings) -> int:
    """Attach a picture to Ana's topic, and give the number of the file."""
    data = library_bus()
    received = Received(PNG, store_of(settings).keep(data), len(data), 960, 600, "bus.png", "Bus")
    row = await attach(town.entity.id, FILE_OWNER, town.topic.id, received, most=5, now=NOW)
    return row.id


async def make_sheet(town: Municipality) -> CheckedSheet:
    """Keep a sheet of a mesa until it is recorded."""
    row = {"where": "El puente", "body": "Falta.", "title": "", "stance": "", "person": "",
           "mark": "id:1", "line": "2"}  # fmt: skip
    head = {"kind": "workshop", "held_on": NOW.date().isoformat(), "place": "El Salado",
            "people": "12", "source": "mesa"}  # fmt: skip
    return await keep_sheet(town.diego, town.process, head, [row], now=NOW)


async def make_goal_sheet(town: Municipality) -> GoalSheet:
    """Keep a sheet of the plan's goals until it is imported."""
    rows = [["Eje", "Código", "Meta"], ["Campo", "1.1", "Placa huella"]]
    return await keep_goal_sheet(
        town.diego, town.process, "plan.csv", (0, rows), guessed(rows), now=NOW
    )


async def build_world(town: Municipality, settings: Settings | None = None) -> World:
    """Create everything; with settings, also a file on the disk."""
    other = await person(town.entity, "Otra")
    from participa.accounts.models import Person
    from participa.accounts.service import grant_role
    from participa.accounts.sessions import actor_for

    row = await Person.of(town.entity.id).get(id=other.person_id)
    await grant_role(row, Role.MODERATOR, now=NOW, by="tests", process_id=town.closed_process.id)
    await import_areas(parse_areas(THREE, kind="vereda"), entity_id=town.entity.id, now=NOW)
    section_id, consultation_id = await make_plan(town.entity, town.process, town.diego)
    report, _cluster = await make_report(town.entity, town.process, town.topic, 1)
    draft, cluster_id = await make_report(town.entity, town.process, town.topic, None)
    survey = await create_survey(
        entity_id=town.entity.id, process_id=town.process.id, title="Encuesta",
        introduction="",
        questionnaire=on_one_page([plain_item("si", Kind.SINGLE, "¿Sí?", ("Sí", "No"))]),
    )  # fmt: skip
    session = await create_session(
        entity_id=town.entity.id, process_id=town.process.id, title="Audiencia",
        summary="", place="Coliseo", held_at=CLOSES,
    )  # fmt: skip
    await on_record(town, session)
    opened = await create_round(
        entity_id=town.entity.id, process_id=town.process.id, title="Frases", question="",
        seeds=("El puente va primero.",), now=NOW, shows_groups_live=True,
    )  # fmt: skip
    recorded = await make_recording(town)
    answered = await service.publish(town.ana, town.topic.thread_id, Said("Faltan luces."), now=NOW)
    given = await answer(
        town.diego, town.process.id, Decision(Verdict.REJECTED, "No hay plata."),
        {answered.receipt_number: "0"}, now=NOW,
    )  # fmt: skip
    goal = await Goal.create(
        entity=town.entity, process=town.process, axis="Campo", programme="Vías", number="1.1",
        title="Placa huella", unit="km", direction="sum", office="Planeación",
    )  # fmt: skip
    return World(
        town=town,
        other_moderator=await actor_for(row),
        section_id=section_id,
        survey_id=survey.id,
        session_id=session.id,
        round_id=opened.id,
        recording_id=recorded.id,
        sheet_id=(await make_sheet(town)).id,
        goal_sheet_id=(await make_goal_sheet(town)).id,
        consultation_id=consultation_id,
        report=report,
        draft=draft,
        draft_cluster_id=cluster_id,
        answer_id=given.id,
        goal_id=goal.id,
        plan_draft_id=(await make_draft(town.process, town.diego)).id,
        anchor_id=await comment_passage(town.ana, section_id),
        commitment_id=(await promised(town, town.topic)).id,
        file_id=await attach_picture(town, settings) if settings is not None else 0,
    )


async def comment_passage(author: Actor, section_id: int) -> int:
    """Comment a passage of a section and give where that is kept."""
    thread = await Thread.of(author.entity_id).get(kind=SECTION_KIND, place_id=section_id)
    said = await comment(author, thread, "Vivir del campo")
    return (await Anchor.of(author.entity_id).get(contribution_id=said.id)).id


async def on_record(town: Municipality, session: AccountabilitySession) -> None:
    """Give a session published minutes, a recording and captions."""
    rows = AccountabilitySession.of(town.entity.id).filter(id=session.id)
    await rows.update(recording_url="https://example.org/a.mp3")
    await HearingMinutes.create(
        entity=town.entity, session=session, number=1, body_source="Acta.",
        body_html="<p>Acta.</p>", sanitiser_version=1, digest="0" * 64, published_at=NOW,
        signed_by="Diego",
    )  # fmt: skip
    vtt = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nBuenos días.\n"
    await Captions.create(entity=town.entity, session=session, vtt=vtt, added_at=NOW)


async def fresh_contribution(world: World) -> Contribution:
    """Give a contribution of Ana's that no other try has touched."""
    town = world.town
    return await service.publish(town.ana, town.topic.thread_id, Said("Otra cosa."), now=NOW)


async def fresh_proposal(world: World) -> Contribution:
    """Give a proposal of Ana's that no other try has touched."""
    call = await Consultation.of(world.town.entity.id).get(id=world.consultation_id)
    return await propose(world.town.ana, call, title="Un parque", body="Con sombra.", now=NOW)


async def fresh_registration(world: World) -> int:
    """Give the number of somebody whom the desk has just registered for the hearing."""
    said, diego = Registering(Mode.VIRTUAL), world.town.diego
    row = await register_other(diego, world.session_id, "Rosa", "telephone", said, now=NOW)
    return row.id


async def fresh_question(world: World) -> Contribution:
    """Give a question of Ana's at the hearing that no other try has touched."""
    session = await AccountabilitySession.of(world.town.entity.id).get(id=world.session_id)
    return await ask(world.town.ana, session, title="¿Y?", said=Said("¿Y el puente?"), now=NOW)


async def _made(world: World, path: str) -> dict[str, str]:
    """Make what no other try has touched, where a route's path names it."""
    town = world.town
    made = {}
    if "/propuestas/{id:int}" in path or "/adjuntos" in path:
        proposed = await fresh_proposal(world)
        made["/aportes/{receipt}/adjuntos"] = f"/aportes/{proposed.receipt_number}/adjuntos"
        made["/propuestas/{id:int}"] = f"/propuestas/{proposed.thread_id}"
    if "{receipt}" in path:
        made["{receipt}"] = (await fresh_contribution(world)).receipt_number
    if "{petition_id:int}" in path or "{filing_number}" in path:
        asked = Asked("report", "Asunto", "Texto.", is_reserved=True)
        filed = await file_petition(town.ana, town.entity, asked, secret=b"s", now=NOW)
        made["{petition_id:int}"] = str(filed.petition.id)
        made["{filing_number}"] = filed.petition.filing_number
    if "/r/{token}" in path:
        survey = await Survey.of(town.entity.id).get(id=world.survey_id)
        way = await begin_answering(survey, NOW.date())
        made["/encuestas/{id:int}/r/{token}"] = f"/encuestas/{world.survey_id}/r/{way}"
        made[f"/r/{way}/{{number:int}}"] = f"/r/{way}/1"
    if "{thread_id:int}" in path:
        made["{thread_id:int}"] = str((await fresh_question(world)).thread_id)
    if "{registration_id:int}" in path:
        made["{registration_id:int}"] = str(await fresh_registration(world))
    if "{template_id:int}" in path:
        rows = SurveyTemplate.of(town.entity.id)
        template = await SurveyTemplate.create(
            entity=town.entity, title=f"Plantilla {await rows.count()}",
            questionnaire={"pages": []},
        )  # fmt: skip
        made["{template_id:int}"] = str(template.id)
    if "recibido" in path:
        await Participation.get_or_create(
            entity=town.entity, survey_id=world.survey_id, participant="guest:x",
            receipt_number="PA-2026-999999", defaults={"created_at": NOW},
        )  # fmt: skip
    return made


async def fill(world: World, path: str) -> str:
    """Put real ids into a route's path."""
    town = world.town
    found = await _made(world, path) | {
        "/archivos/{id:int}/{name}": f"/archivos/{world.file_id}/bus.png",
        "/encuestas/{id:int}": f"/encuestas/{world.survey_id}",
        "/rendicion-de-cuentas/{id:int}": f"/rendicion-de-cuentas/{world.session_id}",
        "/gestion/audiencias/{id:int}": f"/gestion/audiencias/{world.session_id}",
        "/en-vivo/audiencias/{id:int}": f"/en-vivo/audiencias/{world.session_id}",
        "/registros/{id:int}": f"/registros/{world.recording_id}",
        "/opiniones/{id:int}": f"/opiniones/{world.round_id}",
        "/frases/{number:int}": "/frases/0",
        "/recibido/{number}": "/recibido/PA-2026-999999",
        "/resultados/{number:int}.geojson": "/resultados/1.geojson",
        "{goal_id:int}": str(world.goal_id),
        "{answer_id:int}": str(world.answer_id),
        "{commitment_id:int}": str(world.commitment_id),
        "/hilos/{id:int}": f"/hilos/{town.topic.thread_id}",
        "/en-vivo/hilos/{id:int}": f"/en-vivo/hilos/{town.topic.thread_id}",
        "/foros/{id:int}": f"/foros/{town.forum.id}",
        "/plan/versiones/{number:int}": "/plan/versiones/1",
        "/apartados/{id:int}": f"/apartados/{world.section_id}",
        "/consultas/{id:int}": f"/consultas/{world.consultation_id}",
        "/informes/{number:int}": f"/informes/{world.report.number}",
        "v{version:int}": "v1",
        "informe.{format}": "informe.json",
        "/pasajes/{id:int}": f"/pasajes/{world.anchor_id}",
        "/seguimiento/{sheet_id:int}": f"/seguimiento/{world.goal_sheet_id}",
        "/gestion/participa/{code}": "/gestion/participa/6.1.3",
        "metas.{format}": "metas.json",
        "{sheet_id:int}": str(world.sheet_id),
        "{draft_id:int}": str(world.plan_draft_id),
        "{piece_id:int}": "0",
        "/cambios/{number:int}": "/cambios/1",
        "{report_id:int}": str(world.draft.id),
        "{cluster_id:int}": str(world.draft_cluster_id),
        "{slug}": town.process.slug,
        "{token}": "nada",
        "{path:path}": "nada",
    }
    for pattern, value in found.items():
        path = path.replace(pattern, value)
    return path
