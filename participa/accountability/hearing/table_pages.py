"""The questions of a session as an open table: where each stands, who owes it and until when."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from participa.accountability.hearing.finding import found_session
from participa.accountability.hearing.rows import QuestionRow, question_rows
from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import session_url
from participa.accounts.guard import page
from participa.accounts.permissions import Action
from participa.features import Dataset
from participa.i18n import _
from participa.kit.csvs import write_rows
from participa.security.limits import EXPORT
from participa.web.context import context

HEADER = (
    "radicado", "pregunta", "estado", "apoyos", "canal", "personas", "preguntada", "dependencia",
    "respuesta_antes_de", "segundo_de_la_grabacion", "unida_a",
)  # fmt: skip
Cell = str | int | float | None


async def questions_csv(request: Request) -> Response:
    """Send a session's questions as CSV, without anybody's name."""
    found = await found_session(request, Action.EXPORT)
    await context(request).limit(EXPORT)
    rows = await question_rows(found.session.entity_id, found.session.id)
    name = f"preguntas-audiencia-{found.session.id}.csv"
    return StreamingResponse(
        write_rows(HEADER, [_cells(row) for row in rows], bom=True),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-cache",
        },
    )


def _cells(row: QuestionRow) -> Sequence[Cell]:
    return (
        row.receipt, row.title, row.state, row.supports, row.channel, row.people,
        row.asked_at.isoformat(), row.answered_by or row.owner,
        row.due_on.isoformat() if row.due_on else None, row.second, row.merged_into or None,
    )  # fmt: skip


async def tables_of(entity_id: int) -> list[Dataset]:
    """List the tables of questions of public sessions, the latest first."""
    rows = AccountabilitySession.of(entity_id).filter(process__is_published=True)
    return [
        Dataset(_("Preguntas de {title}", title=row.title), table_url(row.id))
        for row in await rows.order_by("-held_at", "-id")
    ]


def table_url(session_id: int) -> str:
    """Give the address of a session's table of questions."""
    return f"{session_url(session_id)}/preguntas.csv"


TABLE_ROUTES = [
    page("/rendicion-de-cuentas/{id:int}/preguntas.csv", questions_csv, action=Action.EXPORT),
]
