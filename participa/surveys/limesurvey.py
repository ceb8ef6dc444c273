"""A LimeSurvey survey as a questionnaire of ours, with what could not be brought said line by line.

Kinds follow the letters of the LimeSurvey manual's list of question types. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from participa.i18n import LOCALES, Text, _
from participa.surveys.lss_conditions import Asked, old_conditions, show_if
from participa.surveys.lss_parts import Parts
from participa.surveys.lss_tables import Lss, LssRefused, Row, in_order, plain
from participa.surveys.questionnaire import (
    Item,
    Kind,
    Page,
    Questionnaire,
    ShowIf,
)

_CHOSEN = {
    **dict.fromkeys("L!OZW", Kind.SINGLE), "5": Kind.SCALE, "Y": Kind.YES_NO, "G": Kind.SINGLE,
    **dict.fromkeys("MP", Kind.MULTIPLE), "R": Kind.RANKING,
    **dict.fromkeys("FABCEH", Kind.MATRIX), "N": Kind.NUMBER, "S": Kind.SHORT,
    **dict.fromkeys("TU", Kind.LONG), "D": Kind.DATE, "X": Kind.SECTION,
}  # fmt: skip
_EACH = {"K": Kind.NUMBER, "Q": Kind.SHORT}
"""Questions with a box in each line, which come as a question for each."""
_NOT_BROUGHT: dict[str, Text] = {
    "I": _("el cambio de idioma no hace falta: cada página lo ofrece"),
    "*": _("las ecuaciones no se traen"),
    "|": _("aquí no se suben archivos en una encuesta"),
    ":": _("las tablas de números no se traen"),
    ";": _("las tablas de textos no se traen"),
    "1": _("las tablas con dos escalas no se traen"),
}
_PARTLY: dict[str, Text] = {
    "O": _("el comentario junto a la opción no se trae"),
    "P": _("los comentarios junto a las opciones no se traen"),
    "H": _("la tabla viene por filas y no por columnas"),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file came to; `notes` say what was left out, question by question."""

    title: str
    introduction: str
    questionnaire: Questionnaire
    notes: tuple[Text, ...]


def read_lss(data: bytes) -> Imported:
    """Read a survey structure file. Refuses with LssRefused what is none, or asks nothing."""
    return _Importing(Lss(data)).imported()


class _Importing:
    """The way through one file."""

    def __init__(self, lss: Lss) -> None:
        self._lss = lss
        self._notes: list[Text] = []
        self._asked = Asked()
        self._taken: set[str] = set()
        self._languages = self._known_languages()
        self._parts = Parts(lss, self._languages)
        self._groups = lss.words("groups", "gid", "group_name")
        self._questions: dict[str, list[Row]] = defaultdict(list)
        for row in lss.rows("questions"):
            if row.get("parent_qid", "0") in {"", "0"}:
                self._questions[row.get("gid", "")].append(row)

    def imported(self) -> Imported:
        """Go through the file."""
        pages = [
            Page(title=self._parts.said(self._groups[gid]), items=tuple(self._items(group)))
            for group in in_order(self._lss.rows("groups"), "group_order")
            for gid in [group.get("gid", "")]
        ]
        pages = [page for page in pages if page.items]
        if not pages:
            raise LssRefused(_("Ese archivo no trae ninguna pregunta que podamos hacer."))
        settings = self._settings()
        return Imported(
            title=plain(settings.get("surveyls_title", "")).replace("\n", " "),
            introduction="\n".join(
                filter(None, (plain(settings.get(f"surveyls_{name}", "")) for name in _OPENING))
            ),
            questionnaire=Questionnaire(
                languages=tuple(self._languages.values()), pages=tuple(pages)
            ),
            notes=tuple(self._notes),
        )

    def _known_languages(self) -> dict[str, str]:
        """Match the file's languages to ours; with none of them, its first stands for Spanish."""
        found: dict[str, str] = {}
        for tag in self._lss.languages:
            ours = tag.partition("-")[0].lower()
            if ours in LOCALES and ours not in found.values():
                found[tag] = ours
            else:
                self._notes.append(_("El idioma «{language}» no se trae.", language=tag))
        if not found:
            first = next(iter(self._lss.languages), "")
            self._notes = [_("Los textos están en «{language}»: tradúzcalos.", language=first)]
            return {first: "es"}
        return found

    def _settings(self) -> Row:
        rows = self._lss.rows("surveys_languagesettings")
        by_language = {row.get("surveyls_language", ""): row for row in rows}
        return by_language.get(next(iter(self._languages)), rows[0] if rows else {})

    def _note(self, row: Row, words: Text) -> None:
        code = row.get("title", "")
        self._notes.append(_("«{code}»: {words}.", code=code, words=words))

    def _items(self, group: Row) -> Iterator[Item]:
        for row in in_order(self._questions[group.get("gid", "")], "question_order"):
            letter = row.get("type", "")
            if letter in _EACH:
                yield from self._one_each(row, group)
            elif letter in _CHOSEN:
                yield self._item(row, group)
            else:
                unknown = _("es de un tipo que no conocemos ({letter})", letter=letter)
                self._note(row, _NOT_BROUGHT.get(letter, unknown))

    def _item(self, row: Row, group: Row) -> Item:
        letter, qid = row.get("type", ""), row.get("qid", "")
        kind, parts = _CHOSEN[letter], self._parts
        if letter in _PARTLY:
            self._note(row, _PARTLY[letter])
        options = parts.options(row, kind)
        item = Item(
            code=self._code(row.get("title", "")),
            kind=kind,
            text=parts.said(parts.texts[qid]),
            help=parts.said(parts.helps[qid]),
            required=row.get("mandatory", "") == "Y",
            options=options,
            rows=tuple(parts.lines(qid)) if kind is Kind.MATRIX else (),
            unit=parts.unit(qid) if kind is Kind.NUMBER else {},
            shuffled=bool(options)
            and parts.setting(qid, "random_order", "answer_order") in {"1", "random"},
            least=self._bound(row, kind, "least"),
            most=self._bound(row, kind, "most"),
            show_if=self._show_if(row, group),
        )
        self._asked.add(item, item.code, row.get("title", ""), f"#{qid}")
        return item

    def _one_each(self, row: Row, group: Row) -> Iterator[Item]:
        """Give a question for each box of a list of boxes."""
        letter, qid = row.get("type", ""), row.get("qid", "")
        self._note(row, _("cada casilla viene como una pregunta aparte"))
        text, title = self._parts.said(self._parts.texts[qid]), row.get("title", "")
        for part in self._parts.subquestions(qid):
            more = self._parts.line_words(part)
            item = Item(
                code=self._code(f"{title}_{part.get('title', '')}"),
                kind=_EACH[letter],
                text={tag: f"{words} {more.get(tag, '')}".strip() for tag, words in text.items()},
                required=row.get("mandatory", "") == "Y",
                show_if=self._show_if(row, group),
            )
            self._asked.add(item, item.code, f"{title}_{part.get('title', '')}")
            yield item

    def _code(self, title: str) -> str:
        code, number = title or "p", 1
        while code in self._taken:
            number += 1
            code = f"{title or 'p'}_{number}"
        self._taken.add(code)
        return code

    def _bound(self, row: Row, kind: Kind, which: str) -> Decimal | None:
        name = _BOUNDS.get((kind, which), "")
        written = self._parts.setting(row.get("qid", ""), name) if name else ""
        if not written:
            return None
        if not written.lstrip("-").isdecimal() or len(written) > 12:
            self._note(row, _("el límite «{value}» no es un número", value=written[:40]))
            return None
        return Decimal(written)

    def _show_if(self, row: Row, group: Row) -> ShowIf | None:
        """Join the conditions of a question with those of its group."""
        own = self._own_conditions(row)
        of_group = show_if(group.get("grelevance", ""), self._asked)
        if own is None or of_group is None:
            equation = row.get("relevance", "") if own is None else group.get("grelevance", "")
            self._note(row, _("su condición no se trae: {equation}", equation=equation[:120]))
            return None
        if own.conditions and of_group.conditions and not (own.every and of_group.every):
            self._note(row, _("su condición no se junta con la de su grupo"))
            return own
        joined = (*of_group.conditions, *own.conditions)
        every = (of_group if of_group.conditions else own).every
        return ShowIf(every=every, conditions=joined) if joined else None

    def _own_conditions(self, row: Row) -> ShowIf | None:
        if "relevance" in row:
            return show_if(row["relevance"], self._asked)
        mine = [each for each in self._lss.rows("conditions") if each.get("qid") == row.get("qid")]
        return old_conditions(mine, self._asked) if mine else ShowIf(conditions=())


_OPENING = ("description", "welcometext")
_BOUNDS = {
    (Kind.MULTIPLE, "least"): "min_answers", (Kind.MULTIPLE, "most"): "max_answers",
    (Kind.RANKING, "least"): "min_answers", (Kind.RANKING, "most"): "max_answers",
    (Kind.NUMBER, "least"): "min_num_value_n", (Kind.NUMBER, "most"): "max_num_value_n",
    (Kind.SHORT, "most"): "maximum_chars", (Kind.LONG, "most"): "maximum_chars",
}  # fmt: skip
