"""What the hot acts tell after their commit: a wake, and what they know to those who watch here."""

from datetime import UTC, datetime

from participa.accounts.permissions import Actor
from participa.deliberation.acts import Placed, Supported
from participa.deliberation.events import Fact, topic
from participa.deliberation.rules import State
from participa.deliberation.saying import Said
from participa.deliberation.shown import ShownRow, speakers
from participa.deliberation.texts import Body
from participa.realtime import current_hub, wake


def tell_published(
    placed: Placed, actor: Actor, said: Said, body: Body, now: datetime, *, is_plain: bool = True
) -> None:
    """Tell of a contribution that is new; one with something beside it has to be read."""
    if not placed.is_new:
        return
    name = topic(placed.thread_id)
    known = is_plain and placed.speakers and current_hub().count(name)
    wake(name, _published(placed, actor, said, body, now) if known else None)


def _published(placed: Placed, actor: Actor, said: Said, body: Body, now: datetime) -> Fact:
    author, parent = speakers(placed.speakers)
    row = ShownRow(
        id=placed.id,
        entity_id=actor.entity_id,
        process_id=placed.process_id,
        path=placed.path,
        is_opening=False,
        author_id=actor.person_id,
        office=said.office,
        body_html=body.html,
        stance=said.stance,
        state=State.PUBLISHED,
        hidden_reason="",
        channel=said.channel,
        people_count=said.people_count,
        place=said.place,
        receipt_number=placed.receipt_number,
        source_key=None,
        support_count=0,
        reply_count=0,
        edit_count=0,
        created_at=now.astimezone(UTC),
        edited_at=None,
        author=author,
        parent=parent,
    )
    return Fact(placed.number, "published", placed.id, placed.receipt_number, placed.path, 0, row)


def tell_supported(done: Supported) -> None:
    """Tell of a support that changed something."""
    if done.number is None:
        return
    number = done.number
    fact = Fact(number, "supported", done.id, done.receipt_number, done.path, done.supports)
    wake(topic(done.thread_id), fact)
