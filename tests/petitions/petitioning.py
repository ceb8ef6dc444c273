"""Petitions for tests: filed as somebody, or read back whole."""

from datetime import datetime

from participa.accounts.permissions import Actor
from participa.petitions.models import Petition
from participa.petitions.service import Asked, Filed, file_petition
from tests.people import NOW, Municipality

SECRET = b"the tests' secret for codes, long enough"
ASKED = Asked(kind="petition", subject="El puente de El Salado", body="Que lo arreglen, por favor.")
FORM = {"kind": "petition", "subject": "El puente de El Salado", "body": "Que lo arreglen ya."}


async def filed_by(
    actor: Actor,
    town: Municipality,
    asked: Asked = ASKED,
    *,
    now: datetime = NOW,
    request_key: str | None = None,
) -> Filed:
    """File a petition in the actor's own municipality."""
    entity = town.entity if actor.entity_id == town.entity.id else town.neighbour
    return await file_petition(
        actor, entity, asked, secret=SECRET, now=now, request_key=request_key
    )


async def again(petition: Petition) -> Petition:
    """Read a petition as it is now."""
    return await Petition.of(petition.entity_id).get(id=petition.id)
