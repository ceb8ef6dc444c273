"""Setting up an entity."""

from urllib.parse import urlsplit

from participa.db import transaction
from participa.entities.models import Entity, EntityHost
from participa.i18n import _
from participa.web.refusals import BadInput, Conflict


async def create_entity(
    *,
    slug: str,
    name: str,
    base_url: str,
    short_name: str = "",
    department: str = "",
    site_name: str = "",
    welcome: str = "",
    other_ways: str = "",
    timezone: str = "America/Bogota",
    hosts: tuple[str, ...] = (),
    is_demo: bool = False,
) -> Entity:
    """Create a municipality and the host names it answers to.

    Refuses with Conflict when the slug or a host name belongs to another one.
    """
    host = urlsplit(base_url).hostname
    if urlsplit(base_url).scheme not in {"http", "https"} or not host:
        raise BadInput(_("La dirección debe ser como https://participa.municipio.gov.co"))
    async with transaction():
        names = {host, *hosts}
        if await Entity.filter(slug=slug).exists():
            raise Conflict(_("Ya hay una entidad con el nombre corto {slug}.", slug=slug))
        if taken := await EntityHost.filter(host__in=names).first():
            raise Conflict(_("La dirección {host} ya es de otra entidad.", host=taken.host))
        entity = await Entity.create(
            slug=slug,
            name=name,
            short_name=short_name or name,
            department=department,
            site_name=site_name or f"{name} participa",
            welcome=welcome,
            other_ways=other_ways,
            timezone=timezone,
            base_url=base_url.rstrip("/"),
            is_demo=is_demo,
        )
        await EntityHost.bulk_create([EntityHost(entity=entity, host=h) for h in sorted(names)])
    return entity
