"""The open table of commitments: its columns, what they mean, and its rows."""

from collections.abc import Sequence
from datetime import date

from participa.commitments.listing import Wanted, selected
from participa.commitments.models import Commitment, Source
from participa.commitments.queries import Agreed, agreed_of, commitment_url
from participa.commitments.rules import standing
from participa.deliberation.rules import State as SaidState
from participa.i18n import Text, _

Cell = str | int | None
Row = Sequence[Cell]
# By column: what it means and how wide it is in a workbook, in characters.
COLUMNS: dict[str, tuple[Text, int]] = {
    "id": (_("Número del compromiso, el mismo de su página"), 8),
    "compromiso": (_("Lo que la entidad se comprometió a hacer; no cambia nunca"), 60),
    "indicador": (_("Cómo se sabrá que se cumplió"), 40),
    "estado": (_("pendiente, en-curso, atrasado (pasó su fecha), cumplido o cancelado, el día de "
                 "la descarga"), 12),
    "dependencia": (_("Dependencia que responde"), 32),
    "proceso": (_("Proceso de participación en el que se hizo"), 36),
    "fecha_inicial": (_("Fecha que se prometió primero"), 13),
    "fecha": (_("Fecha vigente"), 13),
    "dias_habiles": (_("Término en días hábiles, si la fecha se contó así"), 12),
    "cumplido_el": (_("Día en que la entidad lo dio por cumplido"), 13),
    "veces_cumplido": (_("Cuántas veces lo dio por cumplido: más de una si se reabrió"), 14),
    "confirman": (_("Personas que lo pidieron y confirman el último cumplimiento"), 10),
    "objetan": (_("Personas que lo pidieron y objetaron algún cumplimiento"), 10),
    "aportes": (_("Radicados de los aportes que llevaron a él"), 40),
    "hecho_el_utc": (_("Momento en que se hizo, en hora universal"), 20),
    "pagina": (_("Dirección de su página"), 20),
}  # fmt: skip
HEADER = tuple(COLUMNS)
WIDTHS = tuple(width for _meaning, width in COLUMNS.values())


def dictionary_rows(locale: str) -> list[tuple[str, str]]:
    """Say what each column means, in a language."""
    return [(name, meaning.render(locale)) for name, (meaning, _width) in COLUMNS.items()]


async def table_rows(entity_id: int, asked: Wanted, today: date) -> list[Row]:
    """Read the commitments asked for as rows of COLUMNS, in three statements."""
    rows = selected(entity_id, asked, today).select_related("office", "process")
    found = await rows.order_by("id")
    agreed = await agreed_of(entity_id, found)
    receipts = await _receipts(entity_id)
    return [_row(each, agreed[each.id], receipts.get(each.id, ()), today) for each in found]


async def _receipts(entity_id: int) -> dict[int, list[str]]:
    rows = Source.of(entity_id).filter(
        contribution__state=SaidState.PUBLISHED, contribution__thread__is_hidden=False
    )
    found: dict[int, list[str]] = {}
    pairs = rows.order_by("contribution_id").values_list(
        "commitment_id", "contribution__receipt_number"
    )
    for commitment_id, receipt in await pairs:
        found.setdefault(int(str(commitment_id)), []).append(str(receipt))
    return found


def _row(made: Commitment, agreed: Agreed, receipts: Sequence[str], today: date) -> Row:
    return (
        made.id,
        made.title,
        made.indicator,
        standing(made.state, made.due_on, today).value,
        made.office.name,
        made.process.title,
        made.first_due_on.isoformat(),
        made.due_on.isoformat(),
        made.term_days,
        made.done_on.isoformat() if made.done_on else "",
        made.done_count,
        agreed.confirmed,
        agreed.disputed,
        " ".join(receipts),
        made.made_at.isoformat(timespec="seconds"),
        commitment_url(made.id),
    )
