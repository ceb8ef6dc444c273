"""Reads for the pages of facilitation: the wordings of a conclusion, the log of a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q, Subquery

from participa.audit import AuditRecord
from participa.deliberation.models import Conclusion, Contribution, Thread
from participa.facilitation.rules import ACT_WORDS
from participa.i18n import Text

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ActView:
    """One act upon a conversation, as the public log tells it."""

    words: Text
    label: str
    url: str
    actor_name: str
    reason: str
    at: datetime


async def wordings_of(thread: Thread) -> list[Conclusion]:
    """List what a thread was ever closed with, the latest first."""
    rows = Conclusion.of(thread.entity_id).filter(thread_id=thread.id)
    return await rows.order_by("-number")


async def acts_upon(thread: Thread) -> Sequence[ActView]:
    """List what moderators and officials did in a conversation, the latest first."""
    said = Contribution.of(thread.entity_id).filter(thread_id=thread.id).values("id")
    here = Q(object_kind="deliberation.thread", object_id=thread.id)
    inside = Q(object_kind="deliberation.contribution", object_id__in=Subquery(said))
    rows = AuditRecord.of(thread.entity_id).filter(here | inside, action__in=list(ACT_WORDS))
    found = await rows.order_by("-id").limit(MOST_SHOWN)
    return [_view(each, thread.title) for each in found]


def _view(act: AuditRecord, title: str) -> ActView:
    # The thread as it is called now: its title may have been withheld since.
    is_contribution = act.object_kind == "deliberation.contribution"
    url = f"/aportes/{act.object_label}" if is_contribution else f"/hilos/{act.object_id}"
    label = act.object_label if is_contribution else title
    return ActView(ACT_WORDS[act.action], label, url, act.actor_name, act.reason, act.at)
