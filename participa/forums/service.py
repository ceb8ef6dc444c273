"""The acts of forums: creating one, opening a topic."""

from datetime import datetime

from participa.accounts.permissions import Actor
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.service import open_topic
from participa.forums.models import Forum
from participa.forums.queries import ACTIVITY, KIND
from participa.territory.service import Where, placing


async def create_forum(
    *, entity_id: int, process_id: int, title: str, question: str, position: int = 0
) -> Forum:
    """Create a forum inside a process."""
    return await Forum.create(
        entity_id=entity_id,
        process_id=process_id,
        title=title,
        question=question,
        position=position,
    )


async def start_topic(
    actor: Actor,
    forum: Forum,
    *,
    title: str,
    said: Said,
    now: datetime,
    where: Where | None = None,
    request_key: str | None = None,
) -> Contribution:
    """Open a topic with its first words, about a place or not.

    Refuses with PhaseClosed outside the debate's phases, with BadInput a place that is not here.
    """
    return await open_topic(
        actor,
        process_id=forum.process_id,
        kind=KIND,
        place_id=forum.id,
        activity=ACTIVITY,
        title=title,
        said=said,
        now=now,
        request_key=request_key,
        also=placing(forum.entity_id, where),
    )
