"""Identity documents that an official has seen, so that a person counts once (T33)."""

import hmac
from datetime import datetime

from tortoise.exceptions import IntegrityError

from participa.accounts.models import IdentityCheck, Person
from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.i18n import _
from participa.web.refusals import Conflict, NotFound

SHORTEST, LONGEST = 5, 15


class OtherAccount(Conflict):
    """The document is of another account, or the account has another document."""

    title = _("Ese documento o esa cuenta ya se habían verificado")
    advice = _("Cada documento es de una sola cuenta. Revise el número y el correo.")


def read_document(typed: str) -> str:
    """Give the number of an identity document without dots and spaces; empty for what is none."""
    number = "".join(ch for ch in typed.upper() if ch not in " .-")
    fits = number.isascii() and number.isalnum() and any(ch.isdigit() for ch in number)
    return number if fits and SHORTEST <= len(number) <= LONGEST else ""


def document_hash(secret: bytes, entity_id: int, number: str) -> str:
    """Give what is kept of a document's number: it cannot be guessed without our key."""
    return hmac.digest(secret, f"document:{entity_id}:{number}".encode(), "sha256").hex()


async def check_identity(
    actor: Actor, email: str, document: str, secret: bytes, now: datetime
) -> Person:
    """Note that an official saw the document of an account; the same twice is once.

    Refuses with NotFound an address without account, and with OtherAccount a document or an
    account that is taken.
    """
    hashed = document_hash(secret, actor.entity_id, document)
    person = await Person.of(actor.entity_id).filter(email=email.lower(), is_active=True).first()
    if person is None:
        raise NotFound(_("No hay ninguna cuenta con ese correo."))
    if await checked_document(actor.entity_id, person.id) == hashed:
        return person
    try:
        async with transaction():
            await IdentityCheck.create(
                entity_id=actor.entity_id, person=person, document_hash=hashed,
                checked_by_id=actor.person_id, checked_at=now,
            )  # fmt: skip
            await record(
                entity_id=actor.entity_id,
                actor_id=actor.person_id,
                actor_name=actor.name,
                action="accounts.check_identity",
                object_kind="accounts.person",
                object_id=person.id,
                object_label="",
                now=now,
            )
    except IntegrityError:
        raise OtherAccount from None
    return person


async def checked_document(entity_id: int, person_id: int) -> str | None:
    """Give the kept hash of somebody's document, if an official has seen it."""
    found = await IdentityCheck.of(entity_id).filter(person_id=person_id).first()
    return found.document_hash if found else None


async def holder_of(entity_id: int, hashed: str) -> int | None:
    """Find whose document it is, by the hash that is kept of it."""
    found = await IdentityCheck.of(entity_id).filter(document_hash=hashed).first()
    return found.person_id if found else None
