"""Sign-ins kept in the database: opened, found again, ended (T11)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from participa.accounts.models import LoginSession, Person, RoleGrant
from participa.accounts.permissions import Actor, Grant, Role
from participa.db import fetch, moment
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


async def find_actor(
    entity_id: int, token: str, now: datetime, *, is_active: bool = True
) -> Actor | None:
    """Give who a cookie's token stands for, or None when the sign-in is over.

    Staff sign-ins end after 30 idle minutes or 12 hours, citizens' after 14 or 90 days. A page
    that only stays open does nothing: `is_active` is false, and its time runs on.
    """
    rows = await fetch(_SIGNED_IN, entity_id, token_hash(token))
    if not rows:
        return None
    session_id, person_id, name, office, created, seen, *_grant = rows[0]
    grants = frozenset(Grant(Role(row[6]), row[7]) for row in rows if row[6] is not None)
    seen_at = moment(seen)
    if _is_over(moment(created), seen_at, now, is_staff=bool(grants)):
        return None
    if is_active and now - seen_at > TOUCH_EVERY:
        await LoginSession.of(entity_id).filter(id=session_id).update(last_seen_at=now)
    return Actor(entity_id, person_id, name, office or "", grants)


_SIGNED_IN = """
    SELECT s.id, p.id, p.display_name, o.name, s.created_at, s.last_seen_at, g.role, g.process_id
    FROM accounts_login_session s
    JOIN accounts_person p ON p.id = s.person_id
    LEFT JOIN entities_office o ON o.id = p.office_id
    LEFT JOIN accounts_role_grant g ON g.person_id = p.id
    WHERE s.entity_id = $1 AND s.token_hash = $2 AND s.ended_at IS NULL AND p.is_active
"""


async def ended_among(hashes: Sequence[str], now: datetime) -> set[str]:
    """Say which of these sign-ins are over: by signing out, a new password, a ban or with time.

    Of all entities that this process serves at once; a sign-in is named by its own secret.
    """
    alive: set[str] = set()
    for at in range(0, len(hashes), _AT_ONCE):
        some = hashes[at : at + _AT_ONCE]
        rows = await fetch(_alive_sql(len(some)), *some)
        alive.update(
            token
            for token, created, seen, is_staff in rows
            if not _is_over(moment(created), moment(seen), now, is_staff=bool(is_staff))
        )
    return set(hashes) - alive


_AT_ONCE = 200


@lru_cache(maxsize=_AT_ONCE)
def _alive_sql(count: int) -> str:
    places = ", ".join(f"${at}" for at in range(1, count + 1))
    return (
        "SELECT s.token_hash, s.created_at, s.last_seen_at, EXISTS ("  # noqa: S608 - only places
        "SELECT 1 FROM accounts_role_grant g WHERE g.person_id = p.id) "
        "FROM accounts_login_session s "
        "JOIN accounts_person p ON p.id = s.person_id "
        f"WHERE s.token_hash IN ({places}) AND s.ended_at IS NULL AND p.is_active"
    )


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


def _is_over(created_at: datetime, seen_at: datetime, now: datetime, *, is_staff: bool) -> bool:
    idle = STAFF_IDLE if is_staff else CITIZEN_IDLE
    longest = STAFF_LONGEST if is_staff else CITIZEN_LONGEST
    return now - seen_at > idle or now - created_at > longest


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
