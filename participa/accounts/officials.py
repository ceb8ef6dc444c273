"""Who may answer for something in the entity's name."""

from tortoise.expressions import Q, Subquery

from participa.accounts.models import Person, RoleGrant
from participa.accounts.permissions import Role


async def officials_of(entity_id: int, process_id: int) -> list[Person]:
    """List the officials of a process, or of the whole entity, who can sign in, by name."""
    granted = RoleGrant.of(entity_id).filter(
        Q(process_id=None) | Q(process_id=process_id), role=Role.OFFICIAL
    )
    rows = Person.of(entity_id).filter(id__in=Subquery(granted.values("person_id")))
    return await rows.filter(is_active=True).select_related("office").order_by("display_name", "id")
