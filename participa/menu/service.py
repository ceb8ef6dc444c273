"""The act of the menu: saying who owns an item and how it is published."""

from dataclasses import asdict, dataclass
from datetime import datetime

from participa.accounts.permissions import Action, Actor, Target, can
from participa.audit import record
from participa.db import transaction
from participa.menu.items import BY_CODE
from participa.menu.models import MenuEntry
from participa.menu.rules import Mode
from participa.web.refusals import NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Said:
    """What an official says of an item; a link needs title and address, no link a reason."""

    mode: Mode
    owner: str = ""
    title: str = ""
    url: str = ""
    reason: str = ""


async def set_entry(actor: Actor, code: str, said: Said, *, now: datetime) -> MenuEntry:
    """Write down what an official says of an item; the same again changes nothing.

    Refuses with NotAllowed who answers for no more than some processes, and with NotFound a
    code that is none.
    """
    if not can(actor, Action.MANAGE_PROCESS, Target(actor.entity_id)):
        raise NotAllowed
    if code not in BY_CODE:
        raise NotFound
    blank = MenuEntry(entity_id=actor.entity_id, code=code, changed_by=actor.name, changed_at=now)
    rows = MenuEntry.of(actor.entity_id).filter(code=code)
    async with transaction():
        await MenuEntry.bulk_create([blank], ignore_conflicts=True)
        found = await rows.select_for_update(no_key=True).get()
        values = asdict(said) | {"mode": said.mode.value}
        if any(getattr(found, name) != value for name, value in values.items()):
            values |= {"changed_by": actor.name, "changed_at": now}
            await rows.update(**values)
            await _record(actor, found.update_from_dict(values), now)
    return found


async def _record(actor: Actor, entry: MenuEntry, now: datetime) -> None:
    said = " · ".join(filter(None, (entry.mode, entry.owner, entry.url, entry.reason)))
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action="menu.set_entry",
        object_kind="menu.entry",
        object_id=entry.id,
        object_label=f"{entry.code} {BY_CODE[entry.code].title}",
        reason=said,
        now=now,
    )
