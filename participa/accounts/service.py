"""What people do with their accounts: register, sign in, recover the password; grant roles."""

from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from tortoise.exceptions import IntegrityError

from participa.accounts.models import Consent, OneTimeLink, Person, RoleGrant
from participa.accounts.permissions import Role
from participa.accounts.sessions import end_all_sessions, open_session
from participa.audit import record
from participa.db import transaction
from participa.entities.models import Office, Territory
from participa.i18n import _
from participa.security.passwords import hash_password, password_fits
from participa.security.tokens import new_token, token_hash
from participa.web.refusals import Conflict, NotFound

CONSENT_VERSION = "2026-11"
ACCOUNT_PURPOSE = "account"
RESET_LIFE = timedelta(hours=1)


def normal_email(text: str) -> str | None:
    """Give an address as it is compared, or None when it cannot be one."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.normalized.lower()


async def create_person(
    *,
    entity_id: int,
    name: str,
    email: str | None,
    password_hash: str,
    now: datetime,
    territory: Territory | None = None,
    office: Office | None = None,
    is_demo: bool = False,
) -> Person:
    """Create somebody who can sign in. Refuses with Conflict when the address is taken."""
    try:
        return await Person.create(
            entity_id=entity_id,
            display_name=name,
            email=email,
            password_hash=password_hash,
            territory=territory,
            office=office,
            is_demo=is_demo,
            created_at=now,
        )
    except IntegrityError as error:
        raise Conflict(_("Ya hay una cuenta con ese correo.")) from error


async def register(
    *, entity_id: int, name: str, email: str, password: str, now: datetime
) -> tuple[Person, str]:
    """Register a citizen with the consent given, and sign them in.

    Gives the person and the sign-in's token. Refuses with Conflict when the address is taken.
    """
    hashed = await hash_password(password)
    async with transaction():
        person = await create_person(
            entity_id=entity_id, name=name, email=email, password_hash=hashed, now=now
        )
        await Consent.create(
            entity_id=entity_id,
            person=person,
            purpose=ACCOUNT_PURPOSE,
            text_version=CONSENT_VERSION,
            given_at=now,
        )
        token = await open_session(person, now)
    return person, token


async def sign_in(*, entity_id: int, email: str, password: str, now: datetime) -> str | None:
    """Give the token of a new sign-in, or None; an unknown address takes as long as a known one."""
    person = await Person.of(entity_id).filter(email=email, is_active=True).first()
    fits = await password_fits(person.password_hash if person else "", password)
    if person is None or not fits:
        return None
    return await open_session(person, now)


async def ask_reset(*, entity_id: int, email: str, now: datetime) -> str | None:
    """Make a link to set a new password and give its token, or None for an unknown address."""
    person = await Person.of(entity_id).filter(email=email, is_active=True).first()
    if person is None:
        return None
    token = new_token()
    await OneTimeLink.create(
        entity_id=entity_id,
        person=person,
        purpose="reset",
        token_hash=token_hash(token),
        email=email,
        expires_at=now + RESET_LIFE,
    )
    return token


async def link_person(entity_id: int, token: str, now: datetime) -> Person | None:
    """Give whose link this is, while it works; looking does not use it up."""
    link = await _usable_link(entity_id, token, now)
    return link.person if link else None


async def _usable_link(entity_id: int, token: str, now: datetime) -> OneTimeLink | None:
    links = OneTimeLink.of(entity_id).filter(
        token_hash=token_hash(token), purpose="reset", used_at=None, expires_at__gt=now
    )
    link = await links.select_related("person").first()
    if link is None or link.person.email != link.email:
        return None
    return link


async def set_password(*, entity_id: int, token: str, password: str, now: datetime) -> None:
    """Set a new password with a link, once, and end every sign-in. Refuses with NotFound."""
    hashed = await hash_password(password)
    async with transaction():
        link = await _usable_link(entity_id, token, now)
        if link is None:
            raise NotFound
        unused = OneTimeLink.of(entity_id).filter(id=link.id, used_at=None)
        if not await unused.update(used_at=now):
            raise NotFound
        await Person.of(entity_id).filter(id=link.person_id).update(password_hash=hashed)
        await end_all_sessions(link.person, now)


async def grant_role(
    person: Person, role: Role, *, now: datetime, by: str, process_id: int | None = None
) -> None:
    """Entrust a role to a person; a second time changes nothing. Written to the public log."""
    async with transaction():
        same = RoleGrant.of(person.entity_id).filter(
            person_id=person.id, role=role, process_id=process_id
        )
        if await same.exists():
            return
        await RoleGrant.create(
            entity_id=person.entity_id,
            person=person,
            role=role,
            process_id=process_id,
            granted_at=now,
        )
        await record(
            entity_id=person.entity_id,
            actor_id=None,
            actor_name=by,
            action="accounts.grant_role",
            object_kind="accounts.role",
            object_id=person.id,
            object_label=str(role),
            now=now,
        )
