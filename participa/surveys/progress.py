"""Answers on their way: kept page by page under a private link until they are sent."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from participa.db import transaction
from participa.entities.models import Entity
from participa.i18n import _
from participa.security.tokens import new_token, token_hash
from participa.surveys.models import Progress, Survey
from participa.surveys.rules import WEB
from participa.web.refusals import NotFound

LIFE = timedelta(days=60)
SWEEP = "surveys.sweep_progress"
SWEEP_EVERY = timedelta(days=1)


class ProgressGone(NotFound):
    """The link leads to nothing any more."""

    title = _("Ese enlace ya no guarda respuestas.")
    advice = _("Puede que ya las haya enviado, o que pasaran más de 60 días. "
               "Si la encuesta sigue abierta, empiécela otra vez.")  # fmt: skip


async def begin_answering(
    survey: Survey,
    today: date,
    *,
    typed: Mapping[str, str] | None = None,
    channel: str = WEB,
    participant: str = "",
) -> str:
    """Keep a place for answers to come, and give the token of its private link.

    `typed` are answers to be changed; the channel and whose answers they are, of those that an
    official writes down.
    """
    token = new_token()
    await Progress.create(
        entity_id=survey.entity_id,
        survey=survey,
        version=survey.version,
        token_hash=token_hash(token),
        typed=dict(typed or {}),
        touched_on=today,
        channel=channel,
        participant=participant,
    )
    return token


async def progress_of(survey: Survey, token: str) -> Progress:
    """Find what was typed under a link. Refuses with ProgressGone."""
    rows = Progress.of(survey.entity_id).filter(survey_id=survey.id, token_hash=token_hash(token))
    progress = await rows.first()
    if progress is None:
        raise ProgressGone
    return progress


async def keep_typed(
    progress: Progress, typed: Mapping[str, str], today: date, *, page: int, at: datetime
) -> bool:
    """Keep the fields of a page beside those of the others; what was typed last wins.

    Says whether they were kept: a page that waited for a connection may come after one that was
    typed after it, here or on another device. Refuses with ProgressGone.
    """
    mark = int(at.timestamp() * 1000)
    async with transaction():
        rows = Progress.of(progress.entity_id).filter(id=progress.id)
        present = await rows.select_for_update().first()
        if present is None:
            raise ProgressGone
        is_same = all(present.typed.get(name) == words for name, words in typed.items())
        if mark < present.marks.get(str(page), 0) and not is_same:
            progress.typed = present.typed
            return False
        progress.typed = {**present.typed, **typed}
        marks = {**present.marks, str(page): mark}
        await rows.update(typed=progress.typed, marks=marks, touched_on=today)
    return True


async def forget_progress(progress: Progress) -> None:
    """Drop what was typed: it has been sent."""
    await Progress.of(progress.entity_id).filter(id=progress.id).delete()


async def sweep_progress(_arguments: dict[str, object]) -> None:
    """Drop what nobody went on with, in every entity."""
    oldest = datetime.now(UTC).date() - LIFE
    for entity in await Entity.all().only("id"):
        await Progress.of(entity.id).filter(touched_on__lt=oldest).delete()
