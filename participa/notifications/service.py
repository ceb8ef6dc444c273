"""The acts of people on their notifications: choosing what to be told, stopping it all."""

from datetime import datetime

from participa.accounts.models import Person
from participa.db import transaction
from participa.notifications.models import Choice
from participa.notifications.queries import stop_link_owner
from participa.notifications.rules import NOTHING, Wishes
from participa.web.refusals import NotFound


async def choose(entity_id: int, person_id: int, wishes: Wishes, now: datetime) -> None:
    """Keep what somebody wants to be told, and when they said so. Refuses with NotFound."""
    async with transaction():
        people = Person.of(entity_id).filter(id=person_id)
        person = await people.select_for_update(no_key=True).first()
        if person is None:
            raise NotFound
        kept = await Choice.of(entity_id).filter(person_id=person_id).first()
        choice = kept or Choice(entity_id=entity_id, person=person)
        choice.on_reply = wishes.on_reply
        choice.on_answer = wishes.on_answer
        choice.on_results = wishes.on_results
        choice.locale = wishes.locale or choice.locale
        choice.chosen_at = now
        await choice.save()


async def stop(entity_id: int, token: str, now: datetime) -> None:
    """Stop all mail to the person in whose mail the link stood. Refuses with NotFound."""
    person_id = await stop_link_owner(entity_id, token)
    if person_id is None:
        raise NotFound
    await choose(entity_id, person_id, NOTHING, now)
