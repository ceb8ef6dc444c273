"""A commitment made in the same act as a formal answer that accepts what was asked."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request

from participa.accounts.guard import actor_of
from participa.commitments.forms import read_due, read_indicator, read_title, read_who
from participa.commitments.naming import session_among, who_options
from participa.commitments.routes import today
from participa.commitments.rules import Promise
from participa.commitments.service import make_commitment
from participa.deliberation.models import Contribution
from participa.deliberation.pages import features_of
from participa.deliberation.verdicts import Verdict
from participa.features import Along, AlongAnswers
from participa.i18n import _
from participa.web.context import context
from participa.web.forms import Form

ANSWER = "answers.answer"
FIELDS = ("promise", "indicator", "due_on", "term_days", "office", "owner")
_ACCEPTING = frozenset({Verdict.ACCEPTED, Verdict.PARTLY})


async def _offer(request: Request, process_id: int) -> Mapping[str, Any]:
    return await who_options(context(request).entity.id, process_id)


async def _read(request: Request, form: Form, process_id: int) -> Along | None:
    """Read a commitment beside an answer; without its title none is asked for."""
    if not form.values.get("promise", "").strip():
        if any(form.values.get(name, "").strip() for name in FIELDS):
            form.fail("promise", _("Escriba qué se compromete a hacer la entidad."))
        return None
    if form.values.get("verdict") not in _ACCEPTING:
        form.fail("promise", _("Solo hay compromiso si se acoge, del todo o en parte."))
    entity_id = context(request).entity.id
    who = read_who(form)
    due = read_due(form, today(request), await features_of(request).calendar(entity_id))
    promise = Promise(
        title=read_title(form, "promise"),
        indicator=read_indicator(form),
        office_id=who[0] if who else 0,
        owner_id=who[1] if who else 0,
        due_on=due.on if due else today(request),
        term_days=due.term_days if due else None,
    )
    return None if form.has_errors else _promising(request, process_id, promise)


def _promising(request: Request, process_id: int, promise: Promise) -> Along:
    actor, now = actor_of(request), context(request).now

    async def along(answer_id: int, contributions: Collection[int]) -> None:
        rows = Contribution.of(actor.entity_id).filter(id__in=list(contributions))
        said = await rows.select_related("thread").order_by("id")
        made = replace(
            promise,
            origin=(ANSWER, answer_id),
            session_id=session_among(None, said),
            sources=tuple(each.id for each in said),
        )
        await make_commitment(actor, process_id, made, now=now)

    return along


ALONG = AlongAnswers(fields=FIELDS, template="commitments/_along.html", offer=_offer, read=_read)
