"""What can be recorded, and what a recording must say. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from participa.i18n import LOCALES, Text, _
from participa.kit.names import slugify
from participa.processes.rules import PhaseLike

# So many rows are mended in the form; a longer sheet is checked on a page of its own.
MAX_ROWS = 30
MAX_SHEET_ROWS = 2000
ROWS_AT_FIRST = 5
MAX_PEOPLE = 5000
MAX_NAME = 160
_LONGEST_KEY = 400
# The weights of the DIAN for the check digit of a NIT, from its last digit on.
_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)

KINDS: dict[str, Text] = {
    "workshop": _("Mesa de trabajo"),
    "telephone": _("Llamadas"),
    "paper": _("Formularios en papel"),
    "organisation": _("Organización"),
}

ORGANISATION_KINDS: dict[str, Text] = {
    "jac": _("Junta de Acción Comunal"),
    "association": _("Asociación o gremio"),
    "ethnic": _("Autoridad o consejo étnico"),
    "education": _("Institución educativa"),
    "foundation": _("Fundación u ONG"),
    "company": _("Empresa"),
    "public": _("Entidad pública"),
    "other": _("Otra"),
}


@dataclass(frozen=True, slots=True)
class Where:
    """Where a contribution belongs: a conversation, or a place that opens one for it.

    `number` is what people call a section by; `thread_id` is None where a new one is opened.
    """

    label: str | Text
    kind: str
    place_id: int
    activity: str
    thread_id: int | None = None
    number: str = ""

    @property
    def opens(self) -> bool:
        """Whether it opens a conversation of its own, such as a new proposal."""
        return self.thread_id is None

    @property
    def keys(self) -> frozenset[str]:
        """The names it is found by, in every language."""
        if isinstance(self.label, str):
            bare = self.label.removeprefix(self.number)
            return frozenset({_key(self.label), _key(bare)}) - {""}
        return frozenset(_key(self.label.render(locale)) for locale in LOCALES)


def _key(words: str) -> str:
    return slugify(words, _LONGEST_KEY)


class Places:
    """Everywhere a process can be spoken in, to be found by what an official writes."""

    def __init__(self, every: Sequence[Where]) -> None:
        self.every = every
        self._by_key: dict[str, list[Where]] = {}
        self._by_number: dict[str, list[Where]] = {}
        for each in every:
            for key in each.keys:
                self._by_key.setdefault(key, []).append(each)
            if each.number:
                self._by_number.setdefault(each.number.casefold(), []).append(each)

    def find(self, words: str) -> Where | Text:
        """Find a place by its name, its number or how its name begins; or say why not."""
        key = _key(words)
        if not key:
            return _("Escriba de qué apartado, tema o propuesta se trata.")
        found = self._by_key.get(key) or self._by_number.get(_number(words))
        if not found:
            begins = f"{key}-"
            found = [at for name, at in self._named() if name.startswith(begins)]
        if not found:
            return _("No hay aquí nada que se llame «{words}».", words=words[:80])
        if len(found) > 1:
            return _("Hay varios que se llaman «{words}»: escriba el nombre completo.",
                     words=words[:80])  # fmt: skip
        return found[0]

    def _named(self) -> list[tuple[str, Where]]:
        return [(key, each) for key, places in self._by_key.items() for each in places]


def _number(words: str) -> str:
    """Give what may be a section's number: "1.1", or the end of "Programa 1.1."."""
    *kind, last = words.casefold().strip(" .").rsplit(None, 1) or [""]
    return last if len(kind) == 0 or " " not in kind[0].strip() else ""


def was_received(phases: Sequence[PhaseLike], activity: str, day: date, zone: tzinfo) -> bool:
    """Whether an activity was open at some time of a day, by the entity's clock.

    What was said in time counts, although it is written down after the closing.
    """
    return any(
        activity in phase.opens
        and phase.opens_at.astimezone(zone).date() <= day <= phase.closes_at.astimezone(zone).date()
        for phase in phases
    )


def read_nit(words: str) -> str | None:
    """Give a NIT as digits, with its check digit after a hyphen where it was written.

    None for what is none, or has a wrong check digit (DIAN, Orden Administrativa 4 of 1989).
    """
    body, hyphen, check = words.strip().replace(".", "").replace(" ", "").partition("-")
    if not (body.isascii() and body.isdigit() and 5 <= len(body) <= len(_WEIGHTS)):
        return None
    if not hyphen:
        return body
    rest = sum(int(n) * weight for n, weight in zip(reversed(body), _WEIGHTS, strict=False)) % 11
    return f"{body}-{check}" if check == str(rest if rest < 2 else 11 - rest) else None


def row_fields(count: int) -> tuple[str, ...]:
    """Name the fields of so many rows of the form."""
    return tuple(f"{name}_{at}" for at in range(1, count + 1) for name in (*ROW, MARK))


MARK = "mark"
ROW = ("where", "title", "body", "stance", "person", "area")


def is_blank(values: Mapping[str, str], at: int) -> bool:
    """Whether nothing was written in a row of the form."""
    return not any(values.get(f"{name}_{at}", "").strip() for name in ROW)
