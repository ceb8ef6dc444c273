"""The tables of a LimeSurvey structure file (`.lss`), read without ever resolving an entity.

The file is an XML dump: `document/<table>/rows/row/<field>`, since version 4 with the words of
each language in tables of their own (`*_l10ns`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from html import unescape
from re import compile as pattern
from xml.parsers import expat

from participa.i18n import Text, _
from participa.web.refusals import BadInput

MAX_BYTES = 4 * 1024 * 1024
MAX_ROWS = 20_000
_DEEPEST = 12
_AT_ROW, _AT_FIELD = 4, 5
_TAG = pattern(r"<(?:br|/p|/div|/li|/h\d)[^<>]*>")
_ANY_TAG = pattern(r"<[^<>]*>")
Row = Mapping[str, str]
Words = dict[str, str]


class LssRefused(BadInput):
    """The file is not one that can be read."""

    status = 422


class _Reader:
    """Collects the rows of each table as the parser goes along."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.languages: list[str] = []
        self.kind = ""
        self._path: list[str] = []
        self._words: list[str] = []
        self._count = 0

    def start(self, name: str, _attributes: object) -> None:
        self._path.append(name)
        self._words = []
        if len(self._path) > _DEEPEST:
            raise LssRefused(_("Ese archivo no tiene la forma de una encuesta de LimeSurvey."))
        if len(self._path) == _AT_ROW and name == "row":
            self._count += 1
            if self._count > MAX_ROWS:
                raise LssRefused(_("Ese archivo trae demasiadas filas."))
            self.tables[self._path[1]].append({})

    def words(self, words: str) -> None:
        self._words.append(words)

    def end(self, name: str) -> None:
        if len(self._path) == _AT_FIELD and self._path[3] == "row":
            self.tables[self._path[1]][-1][name] = "".join(self._words)
        elif name == "language" and self._path[1:2] == ["languages"]:
            self.languages.append("".join(self._words).strip())
        elif name == "LimeSurveyDocType":
            self.kind = "".join(self._words).strip()
        self._path.pop()
        self._words = []


def _no_doctype(*_declared: object) -> None:
    raise LssRefused(_("Ese archivo declara entidades o un tipo de documento: no lo leemos."))


class Lss:
    """A survey as LimeSurvey keeps it: rows by table, and words by language."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_BYTES:
            raise LssRefused(_("El archivo pesa más de {most} MB.", most=MAX_BYTES // 1024**2))
        reader = _Reader()
        parser = expat.ParserCreate("utf-8")
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.EntityDeclHandler = _no_doctype
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.words
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise LssRefused(_not_xml(error)) from error
        if reader.kind != "Survey" or not reader.tables["questions"]:
            raise LssRefused(_("Ese archivo no es la estructura de una encuesta de LimeSurvey."))
        self._tables, self.languages = reader.tables, reader.languages

    def rows(self, table: str) -> list[dict[str, str]]:
        """Give the rows of a table, each once: before version 4 there was one in each language."""
        key = {"groups": "gid", "questions": "qid", "subquestions": "qid"}.get(table, "")
        rows = self._tables[table]
        return list({row.get(key, ""): row for row in reversed(rows)}.values()) if key else rows

    def words(self, table: str, own: str, field: str) -> dict[str, Words]:
        """Give a field's words by language, for each row by its key `own`."""
        found: dict[str, Words] = defaultdict(dict)
        for row in [*self._tables[table], *self._tables[f"{table[:-1]}_l10ns"]]:
            words = plain(row.get(field, ""))
            if words:
                found[row.get(own, "")][row.get("language", "")] = words
        return found

    def attributes(self) -> dict[str, dict[str, Row]]:
        """Give each question's further settings by name."""
        found: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self._tables["question_attributes"]:
            found[row.get("qid", "")][row.get("attribute", "")] = row
        return found


def _not_xml(error: expat.ExpatError) -> Text:
    return _("El archivo está dañado: mire la línea {line}.", line=error.lineno)


def plain(words: str) -> str:
    """Give what a text with tags says, each line of it."""
    bare = unescape(_ANY_TAG.sub("", _TAG.sub("\n", words)))
    return "\n".join(filter(None, (" ".join(line.split()) for line in bare.splitlines())))


def in_order(rows: Iterable[Row], *fields: str) -> list[Row]:
    """Sort rows by whole numbers in their fields."""
    return sorted(rows, key=lambda row: tuple(_whole(row.get(field, "")) for field in fields))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
