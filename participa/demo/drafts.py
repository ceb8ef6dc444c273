"""The demonstration's draft: the decree's text for the signature, half corrected."""

from dataclasses import replace
from datetime import time

from participa.consultations.drafts import draft_from
from participa.consultations.importing import read_plan
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import text
from participa.plans.drafts import Correction, Label, Seen, correct, read_outline
from participa.plans.outlines import Outline
from participa.processes.models import Process

_TITLE = "Decreto de movilidad y plaza de mercado, texto para la firma"


async def load_draft(cast: Cast, decree: Process, calendar: Calendar) -> None:
    """Upload the last text of the decree and take its chapters out of their capitals."""
    official = cast.staff["official"]
    draft, _is_new = await draft_from(
        decree,
        await read_plan(text("decree_final.txt").encode()),
        title=_TITLE,
        by=official.name,
        now=calendar.ago(1, time(16, 10)),
    )
    outline = await read_outline(draft)
    chapters = [piece for piece in outline if piece.kind == "capitulo"]
    for done, chapter in enumerate(chapters):
        await correct(
            official,
            draft.id,
            Seen(draft.revision + done),
            act="reword",
            label=_called(f"{chapter.number} {chapter.title}"),
            correction=_in_small_letters(chapter.id),
            now=calendar.ago(1, time(16, 20 + done)),
        )


def _called(name: str) -> Label:
    return lambda _outline: name


def _in_small_letters(key: int) -> Correction:
    def corrected(outline: Outline, _new_id: int) -> Outline:
        return tuple(
            replace(piece, title=piece.title.capitalize()) if piece.id == key else piece
            for piece in outline
        )

    return corrected
