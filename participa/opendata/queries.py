"""The datasets of an entity and their rows.

No names travel: a person is a key that holds inside one dataset and nowhere else.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from participa.deliberation.models import Contribution, Merge
from participa.deliberation.rules import State
from participa.features import Beside, Features, Placing
from participa.i18n import Text
from participa.kit.html import plain_text

BATCH = 1000
HEADER = (
    "radicado", "hilo", "titulo_hilo", "tipo_hilo", "en_respuesta_a", "persona", "dependencia",
    "canal", "personas", "lugar", "categoria", "postura", "apoyos", "respuestas", "estado",
    "fecha_utc", "ediciones", "texto", "unido_a",
)  # fmt: skip

Cell = str | int
Row = Sequence[Cell]


def person_key(secret: bytes, process_id: int, person_id: int | None) -> str:
    """Give a person's key in one process's dataset; it cannot be joined with another's."""
    if person_id is None:
        return ""
    message = f"opendata:{process_id}:{person_id}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:12]


def header(features: Features) -> tuple[str, ...]:
    """Name the columns: those of every contribution, and those that features add."""
    return (*HEADER, *columns_of(features))


def columns_of(features: Features) -> dict[str, Text]:
    """Give the columns that features add, with what they mean."""
    adding: list[Beside | Placing] = [*features.besides.values()]
    if features.placing is not None:
        adding.append(features.placing)
    return {name: words for each in adding for name, words in each.columns.items()}


async def contribution_rows(
    entity_id: int, process_id: int, secret: bytes, features: Features
) -> list[Row]:
    """Read every contribution of a process; what is not to be read leaves its place, not words."""
    names = columns_of(features)
    rows: list[Row] = []
    last = 0
    while True:
        inside = Contribution.of(entity_id).filter(process_id=process_id, id__gt=last)
        batch = await inside.select_related("thread", "parent").order_by("id").limit(BATCH)
        beside = await _beside(entity_id, batch, features)
        kept = await _merged_among(entity_id, batch)
        for each in batch:
            cells = beside.get(each.id, {})
            row = _row(each, secret, kept.get(each.id, ""))
            rows.append((*row, *(cells.get(name, "") for name in names)))
        if len(batch) < BATCH:
            return rows
        last = batch[-1].id


async def _beside(
    entity_id: int, batch: Sequence[Contribution], features: Features
) -> Mapping[int, Mapping[str, str]]:
    """Read what features keep with those that are to be read, one statement a kind."""
    readable = [each for each in batch if each.state == State.PUBLISHED]
    found: dict[int, Mapping[str, str]] = {}
    for kind, beside in features.besides.items():
        ids = [each.id for each in readable if each.thread.kind == kind]
        shown = await beside.of(entity_id, ids)
        found |= {each: shown[each].cells for each in shown}
    if features.placing is not None:
        placed = await features.placing.cells_of(entity_id, [each.id for each in readable])
        found |= {each: {**found.get(each, {}), **cells} for each, cells in placed.items()}
    return found


async def _merged_among(entity_id: int, batch: Sequence[Contribution]) -> dict[int, str]:
    """Give the receipt number of what each of these was merged into, if it was."""
    rows = Merge.of(entity_id).filter(contribution_id__in=[each.id for each in batch])
    merges = await rows.select_related("into")
    return {each.contribution_id: each.into.receipt_number for each in merges}


def _row(contribution: Contribution, secret: bytes, merged_into: str) -> tuple[Cell, ...]:
    readable = contribution.state == State.PUBLISHED
    parent = contribution.parent
    return (
        contribution.receipt_number,
        contribution.thread_id,
        contribution.thread.title,
        contribution.thread.kind,
        parent.receipt_number if parent else "",
        ""
        if contribution.office
        else person_key(secret, contribution.process_id, contribution.author_id),
        contribution.office,
        contribution.channel,
        contribution.people_count,
        contribution.place,
        contribution.category,
        contribution.stance or "",
        contribution.support_count,
        contribution.reply_count,
        contribution.state,
        contribution.created_at.isoformat(),
        contribution.edit_count,
        plain_text(contribution.body_html) if readable else "",
        merged_into,
    )
