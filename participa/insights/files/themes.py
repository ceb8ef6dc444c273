"""A theme of a report as blocks of a paper. Pure."""

from collections.abc import Iterator

from participa.deliberation.rules import STANCES
from participa.i18n import _, n_
from participa.insights.document import EditNote, Theme
from participa.insights.files.speech import Speech
from participa.kit.blocks import Block, Heading, Paragraph, Table
from participa.kit.html import plain_text

DISSENT = _("voz discrepante")


def theme_blocks(theme: Theme, speech: Speech) -> Iterator[Block]:
    """Tell a theme: its figures, its quotes, its parts, who and where, and the answer to it."""
    yield Heading(f"{theme.position}. {theme.name}", 2)
    yield Paragraph(_figures(theme, speech))
    if theme.words:
        yield Paragraph(
            speech.say(_("Palabras que lo distinguen: {words}", words=", ".join(theme.words)))
        )
    yield Paragraph(_certainty(theme, speech), "small")
    for edit in theme.edits:
        yield Paragraph(edited(edit, speech), "small")
    for quote in theme.quotes:
        more = [speech.say(DISSENT)] if quote.is_dissenting else []
        yield speech.quoted(quote, *more)
    yield from _repeated(theme, speech)
    yield from _parts(theme, speech)
    yield from speech.breakdown(_("Dónde se dijo"), _("Apartado o hilo"), theme.topics)
    yield from speech.breakdown(_("De dónde son"), _("Territorio"), theme.areas)
    yield from speech.breakdown(_("Cuándo se dijo"), _("Fecha"), theme.periods)
    yield from _answer(theme, speech)


def _figures(theme: Theme, speech: Speech) -> str:
    figures = theme.figures
    told = _(
        "{share} de los aportes ({interval}) y {people} de las personas ({people_interval}). "
        "{counted}.",
        share=speech.percent(figures.share),
        interval=speech.interval(figures.low, figures.high),
        people=speech.percent(figures.people_share),
        people_interval=speech.interval(figures.people_low, figures.people_high),
        counted=speech.counted(figures.contributions, figures.people),
    )
    stances = [
        f"{speech.number(figures.stances[name])} {speech.say(label)}"
        for name, label in STANCES.items()
        if figures.stances.get(name)
    ]
    return " ".join([speech.say(told), *([", ".join(stances) + "."] if stances else [])])


def _certainty(theme: Theme, speech: Speech) -> str:
    if theme.by_hand:
        return speech.say(_("Lo formó una persona de la entidad."))
    again = _("Reaparece en el {share} de las repeticiones.", share=speech.percent(theme.stability))
    return f"{speech.say(theme.firmness)} {speech.say(again)}"


def edited(edit: EditNote, speech: Speech) -> str:
    """Say what a person changed, who and when, and whether it was undone."""
    words = _(
        "Revisado por una persona: {words} {who}, {day}.",
        words=speech.say(edit.words),
        who=edit.made_by,
        day=speech.day(edit.made_at),
    )
    told = [speech.say(words)]
    if edit.reason:
        told.append(edit.reason)
    if edit.undone_at is not None:
        told.append(speech.say(_("Deshecho por {who}.", who=edit.undone_by)))
    return " ".join(told)


def _repeated(theme: Theme, speech: Speech) -> Iterator[Block]:
    figures = theme.figures
    if not figures.repeated:
        return
    told = n_(
        "{n} aporte repite un texto ya enviado: cada persona cuenta. Con las repeticiones, "
        "{share} de los aportes; con cada texto una sola vez, {distinct}.",
        "{n} aportes repiten un texto ya enviado: cada persona cuenta. Con las repeticiones, "
        "{share} de los aportes; con cada texto una sola vez, {distinct}.",
        figures.repeated,
        n=speech.number(figures.repeated),
        share=speech.percent(figures.share),
        distinct=speech.percent(figures.distinct_share),
    )
    yield Paragraph(speech.say(told))
    for campaign in theme.campaigns:
        sent = n_(
            "{n} persona envió esto",
            "{n} personas enviaron esto",
            campaign.people,
            n=speech.number(campaign.people),
        )
        yield speech.quoted(campaign.text, speech.say(sent))


def _parts(theme: Theme, speech: Speech) -> Iterator[Block]:
    if not theme.parts:
        return
    header = (_("Subtema"), _("Aportes"), _("Personas"))
    yield Table(
        caption=speech.say(_("Subtemas, más finos y menos firmes que el tema")),
        header=[speech.say(name) for name in header],
        rows=[
            [
                part.name,
                speech.number(part.figures.contributions),
                speech.number(part.figures.people),
            ]
            for part in theme.parts
        ],
        numbers=2,
    )
    for part in theme.parts:
        if part.quote is not None:
            yield speech.quoted(part.quote, part.name)


def _answer(theme: Theme, speech: Speech) -> Iterator[Block]:
    answer = theme.answer
    title = _("Respuesta de la entidad")
    if answer is None:
        yield Paragraph(speech.say(_("La entidad no ha respondido este tema.")), "note")
        return
    yield Heading(
        f"{speech.say(title)} · {answer.office}" if answer.office else speech.say(title), 3
    )
    decided = speech.say(answer.pill.text)
    if answer.answered_at is not None:
        decided = f"{decided}, {speech.day(answer.answered_at)}"
    yield Paragraph(f"{decided}.")
    yield Paragraph(plain_text(answer.html))
    for earlier in answer.earlier:
        until = _(
            "Respuesta anterior, hasta el {day}: {verdict}. {words}",
            day=speech.day(earlier.until),
            verdict=speech.say(earlier.pill.text),
            words=plain_text(earlier.html),
        )
        yield Paragraph(speech.say(until), "small")
