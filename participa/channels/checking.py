"""What a long sheet comes to before it is recorded: line by line, in all, and what is new."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from participa.channels.forms import AGAIN, HEAD, Receiving, opened_form, read_parts
from participa.channels.models import CheckedSheet
from participa.channels.rules import ROW, row_fields
from participa.channels.service import Line, Session
from participa.channels.sheets import LINE, in_fields
from participa.consultations.rules import PROPOSAL_KIND, SECTION_KIND
from participa.deliberation.rules import STANCES
from participa.deliberation.views import excerpt
from participa.forums.queries import KIND as TOPIC_KIND
from participa.i18n import Text, _
from participa.web.forms import Form
from participa.web.problems import Problem

PROBLEMS_SHOWN = 100
PLACES_SHOWN = 50
PREVIEW = 5
_KINDS = {
    (SECTION_KIND, False): _("Apartado"),
    (PROPOSAL_KIND, False): _("Propuesta"),
    (TOPIC_KIND, False): _("Tema"),
    (PROPOSAL_KIND, True): _("Propuestas nuevas"),
    (TOPIC_KIND, True): _("Temas nuevos"),
}


@dataclass(frozen=True, slots=True)
class Total:
    """How many new contributions go to one place."""

    where: str | Text
    kind: str | Text
    count: int


@dataclass(frozen=True, slots=True)
class Previewed:
    """One of the first lines, as it will be recorded."""

    line: int
    where: str | Text
    words: str
    stance: str | Text


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet as it was checked; `session` has the right lines, by their number in the sheet."""

    session: Session
    lines: dict[int, Line]
    row_count: int
    problems: Sequence[Problem]

    @property
    def bad(self) -> int:
        """How many lines have a problem."""
        return self.row_count - len(self.lines)

    @property
    def complete(self) -> Session | None:
        """The session with all lines; None while something needs mending."""
        if self.problems:
            return None
        return replace(self.session, lines=list(self.lines.values()))


def check(sheet: CheckedSheet, receiving: Receiving) -> Checked:
    """Check every line against what is there now. It renders every text: not on the event loop."""
    form = Form(fields=(*HEAD, *row_fields(len(sheet.rows))))
    form.values |= {**sheet.head, **in_fields(sheet.rows)}
    session, lines = read_parts(form, receiving)
    told = [(at, row) for at, row in enumerate(sheet.rows, 1) if at not in lines]
    problems = [_head_problem(words) for name, words in form.errors.items() if name in HEAD]
    for at, row in told:
        problems += _problems(form, at, row)
    by_line = {int(sheet.rows[at - 1][LINE]): line for at, line in lines.items()}
    return Checked(session, by_line, len(sheet.rows), problems)


def _head_problem(words: Text) -> Problem:
    return Problem(None, words)


def _problems(form: Form, at: int, row: dict[str, str]) -> list[Problem]:
    return [
        Problem(int(row[LINE]), words, excerpt(row["body"] or row["where"]))
        for name in ROW
        if (words := form.errors.get(f"{name}_{at}")) is not None
    ]


def head_of(form: Form, receiving: Receiving) -> dict[str, str] | None:
    """Give what a form says of a session; None, with messages, when that needs mending."""
    aside = {"rows", "do", "sheet", AGAIN}
    values = {name: form.values[name] for name in HEAD if name not in aside}
    alone = opened_form(values)
    read_parts(alone, receiving)
    for name, words in alone.errors.items():
        form.fail(name, words)
    return None if alone.has_errors else values


def totals(lines: Sequence[Line]) -> list[Total]:
    """Count lines by where they go and what that is, most first."""
    counted = Counter(line.where for line in lines)
    return [
        Total(where.label, _KINDS.get((where.kind, where.opens), ""), count)
        for where, count in counted.most_common()
    ]


def preview(checked: Checked) -> list[Previewed]:
    """Give the first lines that are right."""
    first = list(checked.lines.items())[:PREVIEW]
    return [
        Previewed(number, line.where.label, excerpt(line.text), STANCES.get(line.stance or "", ""))
        for number, line in first
    ]
