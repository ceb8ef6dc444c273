"""A report as a workbook: its figures, its themes, its ledger and its contributions. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from participa.deliberation.rules import CHANNELS, STANCES
from participa.i18n import Text, _
from participa.insights.breakdowns import Row
from participa.insights.document import Document, Theme
from participa.insights.files.speech import Speech
from participa.kit.html import plain_text
from participa.kit.sheets import Cell, Sheet, workbook

_THEMES: tuple[tuple[Text, int], ...] = (
    (_("N.º"), 6), (_("Tema"), 40), (_("Palabras"), 40), (_("Aportes"), 10),
    (_("Parte"), 10), (_("Desde"), 10), (_("Hasta"), 10),
    (_("Personas"), 10), (_("Parte de las personas"), 12), (_("Desde"), 10), (_("Hasta"), 10),
    (_("Textos distintos"), 12), (_("Parte sin repeticiones"), 12), (_("Reaparece"), 10),
    *((label, 10) for label in STANCES.values()),
    (_("Decisión de la entidad"), 24), (_("Dependencia"), 24), (_("Respuesta"), 60),
)  # fmt: skip
_CONTRIBUTIONS = (18, 30, 14, 12, 10, 10, 12, 18, 80)


def report_workbook(
    document: Document,
    speech: Speech,
    header: Sequence[str],
    contributions: Iterable[Sequence[Cell]],
) -> bytes:
    """Write a report with its contributions as XLSX. Off the event loop: it computes."""

    def sheet(
        title: Text, columns: Sequence[tuple[Text, int]], rows: Iterable[Sequence[Cell]]
    ) -> Sheet:
        names = [speech.say(name) for name, _width in columns]
        return Sheet(speech.say(title), names, [width for _name, width in columns], rows)

    sheets = (
        sheet(
            _("Cifras"), ((_("Qué se cuenta"), 46), (_("Cuánto"), 70)), _figures(document, speech)
        ),
        sheet(_("Temas"), _THEMES, (_theme(theme, speech) for theme in document.themes)),
        sheet(_("Desgloses"), _BREAKDOWN, _breakdowns(document, speech)),
        sheet(
            _("Cuentas"),
            ((_("Qué fue de cada texto"), 46), (_("Textos"), 12)),
            ((speech.say(label), count) for label, count in document.ledger),
        ),
        Sheet(speech.say(_("Aportes")), header, _CONTRIBUTIONS, contributions),
    )
    return workbook(sheets, title=document.title, written_at=document.published_at)


def _figures(document: Document, speech: Speech) -> list[Sequence[Cell]]:
    figures = document.figures
    rows: tuple[tuple[Text, Cell], ...] = (
        (_("Informe"), document.title),
        (_("Número"), document.number),
        (_("Versión"), document.version),
        (_("Publicado"), document.published_at.isoformat() if document.published_at else None),
        (_("Página"), speech.url(document.url)),
        (_("Personas"), figures.people),
        (_("Organizaciones"), figures.organisations),
        (_("Aportes agrupados"), figures.contributions),
        (_("Textos distintos"), figures.distinct.contributions),
        (_("Parte por mesas, teléfono y papel"), round(figures.offline_share, 4)),
        (_("Temas"), len(document.themes)),
        (_("Temas con respuesta"), document.answered_count),
        (_("Motor"), document.engine),
        (_("Semilla"), document.seed),
        (_("Huella de los datos"), document.digest),
        (_("Límites"), speech.say(document.limits)),
    )
    return [(speech.say(label), value) for label, value in rows]


def _theme(theme: Theme, speech: Speech) -> Sequence[Cell]:
    figures, answer = theme.figures, theme.answer
    return (
        theme.position,
        theme.name,
        ", ".join(theme.words),
        figures.contributions,
        figures.share,
        figures.low,
        figures.high,
        figures.people,
        figures.people_share,
        figures.people_low,
        figures.people_high,
        figures.distinct.contributions,
        figures.distinct_share,
        None if theme.by_hand else round(theme.stability, 4),
        *(figures.stances.get(name, 0) for name in STANCES),
        speech.say(answer.pill.text) if answer else None,
        answer.office if answer else None,
        plain_text(answer.html) if answer else None,
    )


_BREAKDOWN: tuple[tuple[Text, int], ...] = (
    (_("Tema"), 34), (_("Por"), 18), (_("Valor"), 40), (_("Aportes"), 10), (_("Personas"), 10),
    (_("Parte"), 10),
)  # fmt: skip


def _breakdowns(document: Document, speech: Speech) -> Iterator[Sequence[Cell]]:
    """List every breakdown in one table; what would point at somebody stays blank."""
    wholes: list[tuple[str, Document | Theme]] = [(speech.say(_("Todo el informe")), document)]
    wholes += [(theme.name, theme) for theme in document.themes]
    for name, whole in wholes:
        if isinstance(whole, Document):
            yield from _lines(name, _("Canal"), whole.channels, speech)
        yield from _lines(name, _("Apartado o hilo"), whole.topics, speech)
        yield from _lines(name, _("Territorio"), whole.areas, speech)
        yield from _lines(name, _("Fecha"), whole.periods, speech)


def _lines(name: str, by: Text, rows: Iterable[Row], speech: Speech) -> Iterator[Sequence[Cell]]:
    for row in rows:
        label = CHANNELS.get(row.key, row.label)
        share = None if row.share is None else round(row.share, 4)
        yield name, speech.say(by), speech.say(label), row.contributions, row.people, share
