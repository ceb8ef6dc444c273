"""A round of opinion to try things on."""

from participa.opinion.models import Round, Statement
from participa.opinion.service import create_round
from tests.people import NOW, Municipality

SEEDS = (
    "El puente va antes que la plaza.",
    "La plaza debe abrir los domingos.",
    "El agua debe llegar a todas las veredas.",
)


async def a_round(
    town: Municipality, process_id: int | None = None, *, reviews_first: bool = True
) -> Round:
    """Create a round of three statements in a process, by default the open one."""
    return await create_round(
        entity_id=town.entity.id,
        process_id=process_id or town.process.id,
        title="Qué va primero",
        question="¿Qué hacemos primero?",
        seeds=SEEDS,
        now=NOW,
        reviews_first=reviews_first,
    )


async def counts(opened: Round, number: int) -> tuple[int, int, int]:
    """Give the counts that a statement's row says."""
    row = await Statement.of(opened.entity_id).get(round_id=opened.id, number=number)
    return row.agrees, row.disagrees, row.passes
