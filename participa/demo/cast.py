"""The people of a municipality: those who only speak, those who answer for it, the log-ins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s

from participa.accounts.models import Person
from participa.accounts.permissions import Actor, Role
from participa.accounts.service import create_person, grant_role
from participa.accounts.sessions import actor_for
from participa.demo.content import LoginPart, Municipality, OfficialPart, PersonPart
from participa.entities.models import Entity, Office, Territory
from participa.entities.service import create_entity

GRANTED_BY = "participa demo"


@dataclass(frozen=True, slots=True)
class Cast:
    """An entity with its people by the keys the content calls them.

    `people` are the citizens, the log-in "citizen" among them; `offices` those who answer, by
    their office; `staff` the log-ins that hold a role; `places` the names of territories.
    """

    entity: Entity
    people: Mapping[str, Actor]
    offices: Mapping[str, Actor]
    staff: Mapping[str, Actor]
    places: Mapping[str, str]

    def speaker(self, author: str | None, office: str | None) -> Actor:
        """Give who says something; nobody known when the content names neither."""
        if office is not None:
            return self.offices[office]
        return self.people[author] if author is not None else Actor(self.entity.id)

    def supporters(self, of: str, author: Actor, count: int) -> list[int]:
        """Choose who supports something, never its author; the same people at every loading."""
        ids = {
            key: actor.person_id
            for key, actor in self.people.items()
            if actor.person_id not in {None, author.person_id}
        }
        order = sorted(ids, key=lambda key: blake2s(f"{of} {key}".encode()).digest())
        return [person for key in order[:count] if (person := ids[key]) is not None]


async def create_cast(
    town: Municipality,
    officials: Sequence[OfficialPart],
    *,
    base_url: str,
    hosts: tuple[str, ...],
    password_hashes: Mapping[str, str],
    now: datetime,
) -> Cast:
    """Create an entity of the demonstration with everybody in it.

    Only the log-ins have an address and a password; nobody else can ever sign in.
    """
    entity = await create_entity(
        **town.entity.model_dump(), base_url=base_url, hosts=hosts, is_demo=True
    )
    territories = await _territories(entity, town)
    offices = await _offices(entity, town)
    people = await _people(entity, town.person, territories, now)
    staff: dict[str, Actor] = {}
    answering: dict[str, Actor] = {}
    for role, login in town.logins.items():
        actor = await _login(entity, role, login, offices, territories, password_hashes[role], now)
        (staff if role in set(Role) else people)[role] = actor
        if login.office is not None:
            answering[login.office] = actor
    for part in officials:
        if part.office in offices:
            answering[part.office] = await _official(entity, part, offices[part.office], now)
    places = {part.key: part.name for part in town.territory}
    return Cast(entity, people, answering, staff, places)


async def _territories(entity: Entity, town: Municipality) -> dict[str, Territory]:
    await Territory.bulk_create(
        [Territory(entity=entity, kind=part.kind, name=part.name) for part in town.territory]
    )
    rows = {(row.kind, row.name): row for row in await Territory.of(entity.id)}
    return {part.key: rows[part.kind, part.name] for part in town.territory}


async def _offices(entity: Entity, town: Municipality) -> dict[str, Office]:
    await Office.bulk_create([Office(entity=entity, name=part.name) for part in town.office])
    rows = {row.name: row for row in await Office.of(entity.id)}
    return {part.key: rows[part.name] for part in town.office}


async def _people(
    entity: Entity, parts: Sequence[PersonPart], territories: Mapping[str, Territory], now: datetime
) -> dict[str, Actor]:
    await Person.bulk_create(
        [
            Person(
                entity=entity,
                display_name=part.name,
                territory=territories[part.territory],
                is_demo=True,
                created_at=now,
            )
            for part in parts
        ]
    )
    rows = {row.display_name: row for row in await Person.of(entity.id)}
    return {part.key: Actor(entity.id, rows[part.name].id, part.name) for part in parts}


async def _login(
    entity: Entity,
    role: str,
    login: LoginPart,
    offices: Mapping[str, Office],
    territories: Mapping[str, Territory],
    password_hash: str,
    now: datetime,
) -> Actor:
    person = await create_person(
        entity_id=entity.id,
        name=login.name,
        email=login.email,
        password_hash=password_hash,
        now=now,
        territory=territories[login.territory] if login.territory else None,
        office=offices[login.office] if login.office else None,
        is_demo=True,
    )
    if role in set(Role):
        await grant_role(person, Role(role), now=now, by=GRANTED_BY)
    return await actor_for(person)


async def _official(entity: Entity, part: OfficialPart, office: Office, now: datetime) -> Actor:
    person = await create_person(
        entity_id=entity.id, name=part.name, email=None, password_hash="", now=now,
        office=office, is_demo=True,
    )  # fmt: skip
    await grant_role(person, Role.OFFICIAL, now=now, by=GRANTED_BY)
    return await actor_for(person)
