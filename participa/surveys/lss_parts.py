"""The parts of LimeSurvey's questions in our words: options, lines of tables, units. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from participa.surveys.lss_tables import Lss, Row, Words, in_order, plain
from participa.surveys.questionnaire import YES_OR_NO, Kind, Option, OptionRole
from participa.surveys.questionnaire import Row as Line

OTHER = "-oth-"
_NONE = frozenset({"", "0"})
_GIVEN: dict[str, tuple[tuple[str, str, str], ...]] = {
    "5": tuple((str(n), str(n), str(n)) for n in range(1, 6)),
    "A": tuple((str(n), str(n), str(n)) for n in range(1, 6)),
    "B": tuple((str(n), str(n), str(n)) for n in range(1, 11)),
    "C": (("Y", "Sí", "Yes"), ("N", "No", "No"), ("U", "No estoy seguro", "Uncertain")),
    "E": (
        ("I", "Aumentó", "Increased"),
        ("S", "Igual", "The same"),
        ("D", "Disminuyó", "Decreased"),
    ),
    "G": (("F", "Mujer", "Female"), ("M", "Hombre", "Male")),
}  # fmt: skip


class Parts:
    """What belongs to each question of a file; `languages` match the file's tags to ours."""

    def __init__(self, lss: Lss, languages: Mapping[str, str]) -> None:
        self._languages = languages
        self.texts = lss.words("questions", "qid", "question")
        self.helps = lss.words("questions", "qid", "help")
        self._answer_words = lss.words("answers", "aid", "answer")
        self._attributes = lss.attributes()
        own = lss.words("subquestions", "qid", "question")
        self._lines: dict[str, list[Row]] = defaultdict(list)
        self._line_words: dict[str, Words] = {}
        for row in [*lss.rows("subquestions"), *lss.rows("questions")]:
            if row.get("parent_qid", "0") not in {"", "0"} and row.get("scale_id", "0") in {
                "",
                "0",
            }:
                qid = row.get("qid", "")
                self._lines[row["parent_qid"]].append(row)
                self._line_words[qid] = own.get(qid) or self.texts.get(qid, {})
        self._answers: dict[str, list[Row]] = defaultdict(list)
        for row in lss.rows("answers"):
            if row.get("scale_id", "0") in _NONE:
                self._answers[row.get("qid", "")].append(row)

    def said(self, words: Mapping[str, str]) -> Words:
        """Give words in our languages; where the file has them under none, whatever it has."""
        said = {ours: words[tag] for tag, ours in self._languages.items() if words.get(tag)}
        first = next(iter(self._languages.values()))
        return said or ({first: next(iter(words.values()))} if words else {})

    def setting(self, qid: str, *names: str) -> str:
        """Give the first of a question's further settings that is set."""
        settings = self._attributes.get(qid, {})
        found = (settings[name].get("value", "") for name in names if name in settings)
        return next((value.strip() for value in found if value), "")

    def subquestions(self, qid: str) -> list[Row]:
        """List the parts that a question asks about, in their order."""
        return in_order(self._lines.get(qid, ()), "question_order")

    def line_words(self, row: Row) -> Words:
        """Give what a part of a question says."""
        return self.said(self._line_words.get(row.get("qid", ""), {}))

    def lines(self, qid: str) -> Iterator[Line]:
        """Give the lines of a table."""
        return (
            Line(code=r.get("title", ""), label=self.line_words(r)) for r in self.subquestions(qid)
        )

    def options(self, row: Row, kind: Kind) -> tuple[Option, ...]:
        """Give what can be chosen in a question."""
        letter, qid = row.get("type", ""), row.get("qid", "")
        if kind is Kind.YES_NO:
            return YES_OR_NO
        if letter in _GIVEN:
            return tuple(self._given(*each) for each in _GIVEN[letter])
        if kind is Kind.MULTIPLE or (kind is Kind.RANKING and not self._answers.get(qid)):
            alone = set(self.setting(qid, "exclude_all_others").split(";"))
            options = [self._of_part(part, alone) for part in self.subquestions(qid)]
        elif kind in {Kind.SINGLE, Kind.RANKING, Kind.MATRIX}:
            options = self._of_answers(qid)
        else:
            return ()
        if row.get("other", "N") == "Y" and kind in {Kind.SINGLE, Kind.MULTIPLE}:
            options.append(self._other(qid))
        return tuple(options)

    def _given(self, code: str, spanish: str, english: str) -> Option:
        words = {"es": spanish, "en": english}
        return Option(code=code, label={ours: words[ours] for ours in self._languages.values()})

    def _of_part(self, part: Row, alone: set[str]) -> Option:
        code = part.get("title", "")
        role = OptionRole.ALONE if code in alone else OptionRole.PLAIN
        return Option(code=code, label=self.line_words(part), role=role)

    def _of_answers(self, qid: str) -> list[Option]:
        by_code: dict[str, Words] = {}
        for row in in_order(self._answers.get(qid, ()), "sortorder"):
            words = by_code.setdefault(row.get("code", ""), {})
            words |= self._answer_words.get(row["aid"], {}) if "aid" in row else {}
            if row.get("answer"):
                words[row.get("language", "")] = plain(row["answer"])
        return [Option(code=code, label=self.said(words)) for code, words in by_code.items()]

    def _other(self, qid: str) -> Option:
        replaced = plain(self.setting(qid, "other_replace_text"))
        words = {"es": replaced or "Otra, ¿cuál?", "en": replaced or "Other, which?"}
        label = {ours: words[ours] for ours in self._languages.values()}
        return Option(code=OTHER, label=label, role=OptionRole.OTHER)

    def unit(self, qid: str) -> Words:
        """Give the unit a number is asked in."""
        unit = plain(self.setting(qid, "suffix"))
        return dict.fromkeys(self._languages.values(), unit) if unit else {}
