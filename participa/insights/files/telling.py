"""A report as a paper: the same parts as its page, in the same order. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime

from participa.deliberation.rules import CHANNELS
from participa.i18n import _, n_
from participa.insights.census import CensusTable
from participa.insights.document import Document
from participa.insights.files.speech import TOO_FEW, Speech
from participa.insights.files.themes import edited, theme_blocks
from participa.kit.blocks import Bar, Bars, Block, Heading, Link, Paper, Paragraph, Table

_NEVER = datetime(1980, 1, 1, tzinfo=UTC)


def paper_of(document: Document, entity_name: str, speech: Speech) -> Paper:
    """Tell a whole report; its only moment is its publication."""
    return Paper(
        title=document.title,
        subtitle=_subtitle(document, speech),
        author=entity_name,
        language=speech.locale,
        published_at=document.published_at or _NEVER,
        contents=speech.say(_("Contenido")),
        blocks=tuple(_blocks(document, speech)),
    )


def _subtitle(document: Document, speech: Speech) -> str:
    parts = [speech.say(_("Informe de resultados n.º {number}", number=document.number or 0))]
    if document.version > 1:
        parts.append(speech.say(_("versión {version}", version=document.version)))
    if document.published_at is not None:
        parts.append(speech.say(_("publicado el {day}", day=speech.day(document.published_at))))
    return " · ".join([*parts, document.process_title])


def _blocks(document: Document, speech: Speech) -> Iterator[Block]:
    yield from _opening(document, speech)
    if document.themes:
        yield from _overview(document, speech)
        for theme in document.themes:
            yield from theme_blocks(theme, speech)
    yield from _minorities(document, speech)
    yield from _once(document, speech)
    yield from _arrival(document, speech)
    for table in document.census:
        yield _census(table, speech)
    yield from _changes(document, speech)
    yield from _method(document, speech)


def _opening(document: Document, speech: Speech) -> Iterator[Block]:
    if document.introduction:
        yield Paragraph(document.introduction)
    yield Paragraph(speech.say(document.limits), "note")
    if document.newer is not None:
        yield Paragraph(speech.say(_("Este informe fue corregido después.")), "note")
        yield Link(
            speech.say(_("Leer la versión {version}", version=document.newer.number)),
            speech.url(document.newer.url),
        )
    if document.correction:
        yield Heading(speech.say(_("Qué cambió en esta versión")))
        yield Paragraph(document.correction)
    yield Heading(speech.say(_("El informe en cifras")))
    yield _key_figures(document, speech)


def _key_figures(document: Document, speech: Speech) -> Table:
    figures = document.figures
    answered = _("{answered} de {all}", answered=document.answered_count, all=len(document.themes))
    rows = (
        (_("Personas"), speech.number(figures.people)),
        (_("Aportes agrupados"), speech.number(figures.contributions)),
        (_("Por mesas, teléfono y papel"), speech.percent(figures.offline_share)),
        (_("Temas con respuesta"), speech.say(answered)),
    )
    return Table(
        caption=speech.say(_("Quiénes participaron y qué se respondió")),
        header=[speech.say(_("Qué se cuenta")), speech.say(_("Cuánto"))],
        rows=[(speech.say(label), value) for label, value in rows],
        numbers=1,
    )


def _overview(document: Document, speech: Speech) -> Iterator[Block]:
    yield Heading(speech.say(_("Temas")))
    names = [f"{theme.position}. {theme.name}" for theme in document.themes]
    bars = [
        Bar(name, speech.percent(f.share), f.share, f.low, f.high)
        for name, f in zip(names, (theme.figures for theme in document.themes), strict=True)
    ]
    yield Bars(
        caption=speech.say(_("Parte de los aportes que habla de cada tema")),
        alt="; ".join(f"{bar.label}: {bar.told}" for bar in bars),
        bars=bars,
    )
    header = (_("Tema"), _("Aportes"), _("Parte"), _("Margen"), _("Personas"), _("Parte"))
    yield Table(
        caption=speech.say(_("Los temas, con su margen del 95 %")),
        header=[speech.say(name) for name in header],
        rows=[
            (
                name,
                speech.number(f.contributions),
                speech.percent(f.share),
                speech.interval(f.low, f.high),
                speech.number(f.people),
                speech.percent(f.people_share),
            )
            for name, f in zip(names, (theme.figures for theme in document.themes), strict=True)
        ],
        numbers=5,
    )


def _minorities(document: Document, speech: Speech) -> Iterator[Block]:
    if not document.minorities and not document.dissents:
        return
    yield Heading(speech.say(_("Voces minoritarias")))
    yield Paragraph(
        speech.say(
            _("Lo que dijeron pocas personas, y lo que objetan a la mayoría de su tema. Ser "
              "pocas no les quita razón.")
        )
    )  # fmt: skip
    for theme in document.minorities:
        counted = speech.counted(theme.figures.contributions, theme.figures.people)
        yield Paragraph(f"{theme.position}. {theme.name}: {counted}")
    for theme, quote in document.dissents:
        yield speech.quoted(quote, speech.say(_("sobre {theme}", theme=theme.name)))


def _once(document: Document, speech: Speech) -> Iterator[Block]:
    if not document.once_count:
        return
    yield Heading(speech.say(_("Lo que se dijo una sola vez")))
    told = n_(
        "{n} aporte no se parece a ningún otro. También cuenta y también se lee.",
        "{n} aportes no se parecen a ningún otro. También cuentan y también se leen.",
        document.once_count,
        n=speech.number(document.once_count),
    )
    yield Paragraph(speech.say(told))
    for quote in document.once:
        yield speech.quoted(quote)
    yield Link(speech.say(_("Leerlos todos")), speech.url(f"{document.url}/una-vez"))


def _arrival(document: Document, speech: Speech) -> Iterator[Block]:
    yield Heading(speech.say(_("Cómo llegaron los aportes")))
    header = (_("Canal"), _("Aportes"), _("Personas"), _("Parte"))
    yield Table(
        caption=speech.say(_("Por canal")),
        header=[speech.say(name) for name in header],
        rows=[
            (
                speech.say(CHANNELS.get(row.key, row.label)),
                speech.number(row.contributions or 0),
                speech.number(row.people or 0),
                speech.percent(row.share),
            )
            for row in document.channels
        ],
        numbers=3,
    )
    yield from speech.breakdown(_("Dónde se dijo"), _("Apartado o hilo"), document.topics)
    yield from speech.breakdown(_("De dónde son"), _("Territorio"), document.areas)
    yield from speech.breakdown(_("Cuándo se dijo"), _("Fecha"), document.periods)


def _census(table: CensusTable, speech: Speech) -> Table:
    caption = _(
        "Quién falta, por {dimension}. {source} No dieron este dato: {untold}.",
        dimension=speech.say(table.title).lower(),
        source=f"{table.source}." if table.source else "",
        untold=speech.number(table.untold),
    )
    header = (table.title, _("Viven aquí"), _("Parte"), _("Participaron"), _("Parte"))
    return Table(
        caption=speech.say(caption),
        header=[speech.say(name) for name in header],
        rows=[
            (
                row.label,
                speech.number(row.people),
                speech.percent(row.share),
                speech.say(TOO_FEW) if row.heard is None else speech.number(row.heard),
                speech.percent(row.heard_share),
            )
            for row in table.rows
        ],
        numbers=4,
    )


def _changes(document: Document, speech: Speech) -> Iterator[Block]:
    if document.edits:
        yield Heading(speech.say(_("Lo que cambió una persona")))
        for edit in document.edits:
            yield Paragraph(edited(edit, speech))


def _method(document: Document, speech: Speech) -> Iterator[Block]:
    yield Heading(speech.say(_("Método y límites")))
    for words in document.method:
        yield Paragraph(speech.say(words))
    yield Table(
        caption=speech.say(_("Ningún aporte se deja por fuera")),
        header=[speech.say(_("Qué fue de cada texto")), speech.say(_("Textos"))],
        rows=[(speech.say(label), speech.number(count)) for label, count in document.ledger],
        numbers=1,
    )
    known = (
        (_("Motor y semilla"), f"{document.engine} · {document.seed}"),
        (_("Huella de los datos"), document.digest),
        (_("Huella de los datos, antes de los cambios"), _before(document)),
        (_("Publicado por"), document.published_by),
    )
    yield Table(
        caption=speech.say(_("Con qué se hizo")),
        header=[speech.say(_("Dato")), speech.say(_("Valor"))],
        rows=[(speech.say(label), value) for label, value in known if value],
    )


def _before(document: Document) -> str:
    return document.input_digest if document.input_digest != document.digest else ""
