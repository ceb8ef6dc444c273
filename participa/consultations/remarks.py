"""What a comment on a section says beside its words: what it is, about which passage.

Read from the form, kept in the transaction of the comment, shown with it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from participa.consultations.anchoring import Quote, State, occurrences, quote_at
from participa.consultations.models import Anchor
from participa.consultations.rules import MAX_PASSAGE, MAX_WORDS, Remark
from participa.db import Rows, Statement, Steps, fetch
from participa.features import Beside, Keeping, Shown
from participa.i18n import _
from participa.kit.diffs import Piece, word_diff
from participa.kit.passages import place_of, text_of
from participa.plans.models import SectionText
from participa.plans.queries import latest_text
from participa.web.forms import Form

FIELDS = ("remark", "passage", "at", "words")
COLUMNS = {
    "observacion": _(
        "Sobre un plan: observation (observación), question (pregunta) o amendment (propone "
        "otras palabras)"
    ),
    "pasaje": _("Palabras del plan a las que se refiere, como decían cuando se escribió"),
    "palabras_propuestas": _("Las palabras que propone en lugar de ese pasaje"),
}


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """A remark as its template shows it; `url` leads to its passage in the text."""

    remark: Remark
    words: str
    proposed: str
    url: str

    @property
    def template(self) -> str:
        """Its template."""
        return "consultations/_remark.html"

    @property
    def cells(self) -> Mapping[str, str]:
        """Its columns in open data."""
        values = (self.remark.value, self.words, self.proposed)
        return dict(zip(COLUMNS, values, strict=True))

    @property
    def changes(self) -> tuple[Piece, ...]:
        """The words proposed, with what they take out."""
        return word_diff(self.words, self.proposed)


async def read_remark(form: Form, entity_id: int, section_id: int) -> Keeping | None:
    """Read what a comment is and its passage, which has to stand in the section.

    None where it is nothing but an observation on the whole section, or needs mending.
    """
    remark = form.choice("remark", tuple(Remark)) or Remark.OBSERVATION
    passage = form.text("passage", longest=MAX_PASSAGE)
    proposed = form.text("words", longest=MAX_WORDS)
    at = form.number("at")
    if proposed:
        remark = Remark.AMENDMENT
    if remark is Remark.AMENDMENT:
        _check_amendment(form, passage, proposed)
    if form.has_errors or not (passage or remark is Remark.QUESTION):
        return None
    text = await latest_text(entity_id, section_id)
    quote = _quote(form, text_of(text.body_html), passage, at) if passage else Quote("")
    if quote is None:
        return None
    return lambda contribution_id: _keeping(text, contribution_id, remark, quote, proposed)


def _check_amendment(form: Form, passage: str, proposed: str) -> None:
    if not passage:
        form.fail("passage", _("Copie del texto el pasaje que propone decir con otras palabras."))
    elif not proposed:
        form.fail("words", _("Escriba las palabras que propone para ese pasaje."))
    elif passage.split() == proposed.split():
        form.fail("words", _("Son las mismas palabras del texto. Escriba las que propone."))


def _quote(form: Form, text: str, passage: str, at: int | None) -> Quote | None:
    found = occurrences(text, passage)
    if len(found) > 1 and at is not None:
        place = place_of(text, at)
        found = [min(found, key=lambda each: abs(each[0] - place))]
    if len(found) == 1:
        return quote_at(text, *found[0])
    if not found:
        words = _("Esas palabras no están así en el texto de este apartado. Cópielas de él.")
        form.fail("passage", words)
        return None
    words = _(
        "Esas palabras están {count} veces en este apartado. Copie también algunas de las que "
        "van antes o después.",
        count=len(found),
    )
    form.fail("passage", words)
    return None


_KEEP = """
    INSERT INTO consultations_anchor (
        entity_id, contribution_id, remark, proposed, made_on, words, prefix, suffix, start,
        made_in, section_id, placed_on, seen_on, placed_start, placed_end, confidence, state,
        is_decided)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $5, $5, $11, $12, $13, $14, $15)
"""


def _keeping(
    text: SectionText, contribution_id: int, remark: Remark, quote: Quote, proposed: str
) -> Steps[None]:
    span = (quote.start, quote.end, 1.0, State.EXACT)
    yield Statement(
        _KEEP,
        (
            text.entity_id, contribution_id, remark, proposed, text.version.number, quote.words,
            quote.prefix, quote.suffix, quote.start, text.section_id,
            *(span if quote.words else (None, None, 1.0, State.SECTION)), False,
        ),
    )  # fmt: skip


_REMARKS = """
    SELECT a.contribution_id, a.remark, a.words, a.proposed, a.made_in, c.receipt_number
    FROM consultations_anchor a
    JOIN deliberation_contribution c ON c.id = a.contribution_id
    WHERE a.entity_id = $1 AND a.contribution_id IN ({places})
"""


@lru_cache(maxsize=64)
def _statement(count: int) -> str:
    return _REMARKS.format(places=", ".join(f"${at}" for at in range(2, count + 2)))


async def remarks_of(entity_id: int, contributions: Collection[int]) -> Mapping[int, Shown]:
    """Give the remarks of those of these contributions that have one."""
    if not contributions:
        return {}
    rows: Rows = await fetch(_statement(len(contributions)), entity_id, *contributions)
    return {
        contribution: ShownRemark(Remark(remark), words, proposed, passage_url(section, receipt))
        for contribution, remark, words, proposed, section, receipt in rows
    }


def passage_url(section_id: int, receipt: str) -> str:
    """Give the page of a section that shows where a comment's passage stands."""
    return f"/apartados/{section_id}?pasaje={receipt}#pasaje"


async def forget_remark(entity_id: int, contribution_id: int) -> None:
    """Erase what a comment proposed and quoted, when its author takes it back."""
    await Anchor.of(entity_id).filter(contribution_id=contribution_id).delete()


BESIDE = Beside(
    fields=FIELDS,
    template="consultations/_remark_fields.html",
    read=read_remark,
    of=remarks_of,
    erase=forget_remark,
    columns=COLUMNS,
)
