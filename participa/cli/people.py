"""Finding entities and naming administrators from the command line."""

from datetime import datetime

from participa.accounts.models import Person
from participa.accounts.permissions import Role
from participa.accounts.service import create_person, grant_role, normal_email
from participa.db import transaction
from participa.entities.models import Entity
from participa.i18n import _
from participa.kit.names import NameRefused, normalise_name
from participa.security.passwords import hash_password, password_problem
from participa.web.refusals import BadInput, NotFound


async def find_entity(slug: str) -> Entity:
    """Give the entity named, or the only one. Refuses with NotFound and the names there are."""
    every = await Entity.all().order_by("slug")
    named = [entity for entity in every if slug in {entity.slug, ""}]
    if len(named) == 1:
        return named[0]
    names = ", ".join(entity.slug for entity in every) or "—"
    raise NotFound(_("¿Qué entidad? Hay: {names}.", names=names), _("Dígala con --entity."))


async def make_administrator(
    slug: str, email: str, name: str, password: str, now: datetime
) -> Person:
    """Create an administrator, or name somebody who has an account already.

    Refuses with BadInput for a wrong address or a weak password.
    """
    entity = await find_entity(slug)
    address = normal_email(email)
    if address is None:
        raise BadInput(_("El correo no es válido."))
    try:
        shown = normalise_name(name)
    except NameRefused as error:
        raise BadInput(_("El nombre no es válido.")) from error
    person = await Person.of(entity.id).filter(email=address).first()
    hashed = ""
    if person is None:
        if problem := password_problem(password, name, address, entity.name):
            raise BadInput(problem)
        hashed = await hash_password(password)
    async with transaction():
        person = person or await create_person(
            entity_id=entity.id, name=shown, email=address, password_hash=hashed, now=now
        )
        await grant_role(person, Role.ADMINISTRATOR, now=now, by="participa create-admin")
    return person
