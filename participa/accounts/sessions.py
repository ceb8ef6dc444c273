"""Sign-ins kept in the database: opened, found again, ended (T11)."""

from datetime import datetime, timedelta

from participa.accounts.models import LoginSession, Person, RoleGrant
from participa.accounts.permissions import Actor, Grant, Role
from participa.security.tokens import new_token, token_hash

CITIZEN_IDLE, CITIZEN_LONGEST = timedelta(days=14), timedelta(days=90)
STAFF_IDLE, STAFF_LONGEST = timedelta(minutes=30), timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)


async def open_session(person: Person, now: datetime) -> str:
    """Start a sign-in and give its token, which is told to the browser and kept nowhere."""
    token = new_token()
    await LoginSession.create(
        entity_id=person.entity_id,
        person=person,
        token_hash=token_hash(token),
        created_at=now,
        last_seen_at=now,
    )
    return token


async def find_actor(entity_id: int, token: str, now: datetime) -> Actor | None:
    """Give who a cookie's token stands for, or None when the sign-in is over.

    Staff sign-ins end after 30 idle minutes or 12 hours, citizens' after 14 or 90 days.
    """
    session = (
        await LoginSession.of(entity_id)
        .filter(token_hash=token_hash(token), ended_at=None, person__is_active=True)
        .select_related("person__office")
        .first()
    )
    if session is None:
        return None
    grants = await grants_of(session.person)
    if _is_over(session, now, is_staff=bool(grants)):
        return None
    if now - session.last_seen_at > TOUCH_EVERY:
        await LoginSession.of(entity_id).filter(id=session.id).update(last_seen_at=now)
    return _actor(session.person, grants)


async def grants_of(person: Person) -> frozenset[Grant]:
    """Give the roles a person holds."""
    rows = await RoleGrant.of(person.entity_id).filter(person_id=person.id)
    return frozenset(Grant(Role(row.role), row.process_id) for row in rows)


async def actor_for(person: Person) -> Actor:
    """Give a person as an actor, for commands and jobs."""
    await person.fetch_related("office")
    return _actor(person, await grants_of(person))


def _actor(person: Person, grants: frozenset[Grant]) -> Actor:
    return Actor(
        entity_id=person.entity_id,
        person_id=person.id,
        name=person.display_name,
        office=person.office.name if person.office else "",
        grants=grants,
    )


def _is_over(session: LoginSession, now: datetime, *, is_staff: bool) -> bool:
    idle = STAFF_IDLE if is_staff else CITIZEN_IDLE
    longest = STAFF_LONGEST if is_staff else CITIZEN_LONGEST
    return now - session.last_seen_at > idle or now - session.created_at > longest


async def end_session(entity_id: int, token: str, now: datetime) -> None:
    """End one sign-in: its cookie, copied or not, opens nothing any more."""
    await LoginSession.of(entity_id).filter(token_hash=token_hash(token)).update(ended_at=now)


async def end_all_sessions(person: Person, now: datetime) -> None:
    """End every sign-in of a person, after a change of password or a ban."""
    await (
        LoginSession.of(person.entity_id)
        .filter(person_id=person.id, ended_at=None)
        .update(ended_at=now)
    )
