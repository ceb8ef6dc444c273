"""A small municipality with the same cast in every test.

Ana (citizen), Beto (citizen of another vereda), Carmen (moderator), Diego (official),
Alma (administrator), Elsa (visitor without an account); and a neighbour municipality with
its own citizen, Nora, and its own administrator, Nico.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from participa.accounts.models import Person
from participa.accounts.permissions import Actor, Role
from participa.accounts.service import create_person, grant_role
from participa.accounts.sessions import actor_for
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.entities.models import Entity, Office, Territory
from participa.entities.service import create_entity
from participa.forums.models import Forum
from participa.forums.service import create_forum, start_topic
from participa.processes.models import Process
from participa.processes.service import PhasePlan, create_process

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
OPENED = NOW - timedelta(days=10)
CLOSES = NOW + timedelta(days=10)
ALL_ACTIVITIES = (
    "forums.discuss",
    "consultations.comment",
    "consultations.propose",
    "surveys.answer",
    "opinion.vote",
    "accountability.ask",
)
HOST, NEIGHBOUR_HOST = "laloma.test", "vecina.test"
PASSWORD = "tres veredas y un puente"


@dataclass(frozen=True)
class Municipality:
    """The cast and the places they meet in."""

    entity: Entity
    ana: Actor
    beto: Actor
    carmen: Actor
    diego: Actor
    alma: Actor
    elsa: Actor
    process: Process
    draft_process: Process
    closed_process: Process
    forum: Forum
    topic: Contribution
    neighbour: Entity
    nora: Actor
    nico: Actor
    neighbour_process: Process
    neighbour_topic: Contribution


async def person(
    entity: Entity,
    name: str,
    *roles: Role,
    office: Office | None = None,
    territory: Territory | None = None,
) -> Actor:
    """Create somebody with roles in the whole entity; the password is never used in tests."""
    created: Person = await create_person(
        entity_id=entity.id,
        name=name,
        email=f"{name.lower()}@example.org",
        password_hash="",
        now=OPENED,
        office=office,
        territory=territory,
    )
    for role in roles:
        await grant_role(created, role, now=OPENED, by="tests")
    return await actor_for(created)


async def open_process(entity: Entity, slug: str, **changes: object) -> Process:
    """Create a process that is open now for every activity."""
    values: dict[str, object] = {
        "title": f"Proceso {slug}",
        "summary": "Lo que discutimos juntos.",
        "promise": "answered",
        "participa_item": "6.2.3",
        "phases": [PhasePlan("Participación", OPENED, CLOSES, ALL_ACTIVITIES)],
        "now": OPENED,
        **changes,
    }
    return await create_process(entity_id=entity.id, slug=slug, **values)  # type: ignore[arg-type]


async def build_municipality() -> Municipality:
    """Create everybody."""
    entity = await create_entity(
        slug="laloma", name="La Loma", base_url=f"https://{HOST}", department="Santander",
        other_ways="Oficina de atención, calle 4 con carrera 5.",
    )  # fmt: skip
    vereda = await Territory.create(entity=entity, kind="vereda", name="El Salado")
    office = await Office.create(entity=entity, name="Secretaría de Planeación")
    ana = await person(entity, "Ana", territory=vereda)
    process = await open_process(entity, "plan")
    forum = await create_forum(
        entity_id=entity.id, process_id=process.id, title="Vías", question="¿Cuál primero?"
    )
    neighbour = await create_entity(
        slug="vecina", name="Vecina", base_url=f"https://{NEIGHBOUR_HOST}"
    )
    nora = await person(neighbour, "Nora")
    neighbour_process = await open_process(neighbour, "plan")
    neighbour_forum = await create_forum(
        entity_id=neighbour.id, process_id=neighbour_process.id, title="Parque", question=""
    )
    closed = PhasePlan("Ya pasó", OPENED, NOW - timedelta(days=1), ALL_ACTIVITIES)
    return Municipality(
        entity=entity,
        ana=ana,
        beto=await person(entity, "Beto"),
        carmen=await person(entity, "Carmen", Role.MODERATOR),
        diego=await person(entity, "Diego", Role.OFFICIAL, office=office),
        alma=await person(entity, "Alma", Role.ADMINISTRATOR),
        elsa=Actor(entity_id=entity.id),
        process=process,
        draft_process=await open_process(entity, "borrador", is_published=False),
        closed_process=await open_process(entity, "cerrado", phases=[closed]),
        forum=forum,
        topic=await start_topic(
            ana, forum, title="El puente", said=Said("El puente se cae."), now=OPENED
        ),
        neighbour=neighbour,
        nora=nora,
        nico=await person(neighbour, "Nico", Role.ADMINISTRATOR),
        neighbour_process=neighbour_process,
        neighbour_topic=await start_topic(
            nora, neighbour_forum, title="El árbol", said=Said("Secreto de la vecina."), now=OPENED
        ),
    )
