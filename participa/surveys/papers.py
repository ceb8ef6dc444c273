"""A survey on paper: its form to fill in by hand, and the letters with the codes. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from participa.i18n import Moment, Text, _
from participa.kit.blocks import Block, Heading, Paper, Paragraph, Table
from participa.surveys.questionnaire import IN_WORDS, Item, Kind, OptionRole, in_language
from participa.surveys.rolls import Letter

BOX = "□"
_LINE = "_" * 60


class PaperForm:
    """What is asked, written for a language and a reader who has a pen."""

    def __init__(
        self, title: str, items: Sequence[Item], places: Sequence[str], language: str
    ) -> None:
        self.title, self.language = title, language
        self._items, self._places = items, places

    def say(self, words: str | Text) -> str:
        """Say something in the paper's language."""
        return words.render(self.language) if isinstance(words, Text) else words

    def blocks(self, level: int = 1) -> Iterator[Block]:
        """Give the questions with what is to be marked or written."""
        for number, item in enumerate(self._items, 1):
            words = in_language(item.text, self.language)
            yield Heading(f"{number}. {words}", level)
            help_words = " ".join(filter(None, (self.say(note) for note in self.notes(item))))
            if help_words:
                yield Paragraph(help_words, "small")
            yield from self._space(item)

    def notes(self, item: Item) -> Iterator[Text | str]:
        """Give what helps to answer: the item's own help, when it is asked and how."""
        yield in_language(item.help, self.language)
        if item.show_if is not None:
            yield _("Responda solo si viene al caso por lo que respondió antes.")
        if item.is_asked and not item.required:
            yield _("Puede dejarla en blanco.")
        if item.kind is Kind.MULTIPLE:
            yield _("Puede marcar varias.")
        if item.kind is Kind.RANKING:
            yield _("Ponga 1 a lo que más quiere, 2 a lo que sigue, y así.")

    def _space(self, item: Item) -> Iterator[Block]:
        options = [in_language(option.label, self.language) for option in item.options]
        if item.kind is Kind.MATRIX:
            rows = [
                [in_language(row.label, self.language), *[BOX] * len(options)] for row in item.rows
            ]
            caption = self.say(_("Marque una casilla en cada fila"))
            yield Table(caption, ["", *options], rows, numbers=len(options))
        elif options:
            lines = (
                f"{BOX}  {label}" + (" " + _LINE[:30] if o.role is OptionRole.OTHER else "")
                for o, label in zip(item.options, options, strict=True)
            )
            yield Paragraph("\n".join(lines))
        elif item.kind is Kind.PLACE and len(self._places) <= 40:
            yield Paragraph("   ".join(f"{BOX} {place}" for place in self._places))
        elif item.is_asked:
            count = 4 if item.kind is Kind.LONG else 1
            unit = in_language(item.unit, self.language)
            yield Paragraph(
                "\n".join([_LINE if item.kind in IN_WORDS else f"{_LINE[:30]} {unit}"] * count)
            )


def form_paper(form: PaperForm, entity_name: str, printed_at: datetime) -> Paper:
    """Give the form as a paper of its own."""
    return Paper(
        title=form.title,
        subtitle=form.say(_("Número o código de quien responde: {line}", line=_LINE[:30])),
        author=entity_name,
        language=form.language,
        published_at=printed_at,
        contents="",
        blocks=tuple(form.blocks()),
    )


def letters_paper(
    form: PaperForm,
    letters: Sequence[Letter],
    *,
    entity_name: str,
    url: str,
    closes: Moment | None,
    printed_at: datetime,
    with_form: bool = False,
) -> Paper:
    """Give a page for each letter: whom it is for, the code and what it is.

    With the form, the questions follow, to be answered by hand and given back: the number of
    the letter says whose they are.
    """
    return Paper(
        title=form.title,
        subtitle=form.say(_("{n} cartas con código personal. Repártalas cerradas: quien tenga un "
                            "código puede responder con él.", n=len(letters))),
        author=entity_name,
        language=form.language,
        published_at=printed_at,
        contents="",
        blocks=tuple(
            block
            for letter in letters
            for block in (
                *_letter(form, letter, entity_name, url, closes),
                *(_by_hand(form, letter) if with_form else ()),
            )
        ),
    )  # fmt: skip


def _by_hand(form: PaperForm, letter: Letter) -> Iterator[Block]:
    yield Paragraph(
        form.say(
            _(
                "Si prefiere responder en papel, marque aquí y devuelva esta hoja, que lleva su "
                "número {n}. Vale una de las dos: el código o la hoja.",
                n=letter.number,
            )
        ),
    )
    yield from form.blocks(level=2)


def _letter(
    form: PaperForm, letter: Letter, entity_name: str, url: str, closes: Moment | None
) -> Iterator[Block]:
    whom = letter.name or form.say(_("Invitación"))
    yield Heading(form.say(_("{whom} · n.º {n}", whom=whom, n=letter.number)), on_new_page=True)
    if letter.address:
        yield Paragraph(letter.address)
    yield Paragraph(form.say(_("{entity} le invita a responder la encuesta «{title}».",
                               entity=entity_name, title=form.title)))  # fmt: skip
    yield Paragraph(form.say(_("Entre a {url} y al enviar escriba este código:", url=url)))
    yield Paragraph(letter.code, "note")
    if closes is not None:
        yield Paragraph(form.say(_("Puede responder hasta el {when}.", when=closes)))
    yield Paragraph(
        form.say(
            _(
                "El código es personal, sirve una sola vez y no lo guardamos: si lo pierde, la "
                "entidad le hace otro. Con él sabemos que cada persona responde una vez."
            )
        ),
        "small",
    )
