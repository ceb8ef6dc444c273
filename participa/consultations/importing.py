"""From an official's file to a plan: read, tried, and told line by line what was found."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from participa.consultations.queries import counts_of
from participa.consultations.service import Imported
from participa.i18n import Text, _, n_
from participa.plans.documents import DocumentUnreadable, form_of
from participa.plans.documents.apart import read_apart
from participa.plans.parsing import ParsedPlan, PlanUnreadable, parse_plan
from participa.plans.queries import Changes, changes_of
from participa.plans.rules import KIND_PLURALS
from participa.plans.service import digest_of
from participa.web.problems import Problem
from participa.web.refusals import Refusal

# A plan of three hundred pages with its pictures, as offices send it.
MAX_FILE_BYTES = 30 * 1024 * 1024
MAX_FILE_WORDS = "30 MB"
PROBLEMS_SHOWN = 100
EXCERPT = 90
_UTF_16_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")

_LINE_END = re.compile("\r\n?|[\n\x0b\x85\u2028\u2029]")

Figure = tuple[Text, int]


class FileRefused(Refusal):
    """A file that cannot be read as a plan; nothing was stored."""

    status = 422
    title = _("El documento no se pudo leer.")
    advice = _("Revise el archivo e inténtelo otra vez.")


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A document as text and as the tree of its sections."""

    source: str
    parsed: ParsedPlan


@dataclass(frozen=True, slots=True)
class Result:
    """What a trial or an import found, as its page shows it."""

    is_trial: bool
    figures: tuple[Figure, ...]
    problems: tuple[Problem, ...]
    problem_count: int
    is_same: bool = False
    url: str = ""


def decoded(data: bytes) -> str:
    """Read a file as UTF-8 text. Refuses with FileRefused, saying what it looks like instead."""
    if b"\x00" in data and not data.startswith(_UTF_16_32):
        raise FileRefused(DocumentUnreadable("other").text)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            _("El archivo no está en UTF-8: la línea {line} trae un carácter que no se entiende. "
              "Guárdelo otra vez como texto escogiendo la codificación UTF-8.", line=line)
        ) from error  # fmt: skip


async def read_plan(data: bytes) -> ReadPlan:
    """Read a file as a plan, off the event loop. Refuses with FileRefused."""
    source = await _source(data)
    try:
        parsed = await asyncio.to_thread(parse_plan, source)
    except PlanUnreadable as error:
        raise FileRefused(error.text) from error
    return ReadPlan(source, parsed)


async def _source(data: bytes) -> str:
    """Give the text of a file, whatever program wrote it."""
    if not data.strip():
        raise FileRefused(_("El archivo está vacío."))
    if len(data) > MAX_FILE_BYTES:
        raise FileRefused(
            _("El archivo pesa más de {size}. Divídalo en partes.", size=MAX_FILE_WORDS)
        )
    try:
        form = await asyncio.to_thread(form_of, data)
        return decoded(data) if form is None else await read_apart(data, form)
    except DocumentUnreadable as error:
        raise FileRefused(error.text) from error


def figures(parsed: ParsedPlan) -> list[Figure]:
    """Count the sections by what they are, in the order of the document's hierarchy."""
    counted = Counter(str(section.kind) for section in parsed.sections)
    by_kind = [(words, counted[kind]) for kind, words in KIND_PLURALS.items() if kind in counted]
    return [(_("Apartados en total"), len(parsed.sections)), *by_kind]


def problems(plan: ReadPlan) -> list[Problem]:
    """Say what deserves a look, with the words of its line."""
    lines = _LINE_END.split(plan.source)
    return [
        Problem(
            line=warning.line or None,
            words=warning.text,
            excerpt=lines[warning.line - 1].strip()[:EXCERPT]
            if 0 < warning.line <= len(lines)
            else "",
        )
        for warning in plan.parsed.warnings
    ]


async def tried(entity_id: int, process_id: int, plan: ReadPlan) -> Result:
    """Say what importing a document would do, without storing anything."""
    told = problems(plan)
    digest = digest_of(plan.source)
    result, _version = await compared(entity_id, process_id, plan.parsed, digest, told)
    return result


async def compared(
    entity_id: int,
    process_id: int,
    parsed: ParsedPlan,
    digest: str,
    told: Sequence[Problem] = (),
) -> tuple[Result, int]:
    """Say what publishing a text would do, and to which version, 0 where there is none yet.

    Where there is one: which sections stay, which are new, and how many of those that go have
    been commented on.
    """
    found = figures(parsed)
    changes = await changes_of(entity_id, process_id, parsed, digest)
    if changes is None:
        return _result(found, told, is_trial=True), 0
    found += [
        (_("Siguen de la versión {number}", number=changes.number), changes.kept),
        (_("Nuevos"), changes.added),
        (_("Salen"), len(changes.gone)),
    ]
    told = [*await _leaving(entity_id, changes), *told]
    return _result(found, told, is_trial=True, is_same=changes.is_same), changes.number


async def _leaving(entity_id: int, changes: Changes) -> list[Problem]:
    counts = await counts_of(entity_id, changes.gone)
    commented = sum(1 for count in counts.values() if count)
    if not commented:
        return []
    words = n_(
        "{count} apartado con aportes no está en este documento: seguirá a la vista en su "
        "página, con lo que se dijo.",
        "{count} apartados con aportes no están en este documento: seguirán a la vista en su "
        "página, con lo que se dijo.",
        commented,
    )
    return [Problem(None, words)]


def done(plan: ReadPlan, imported: Imported, url: str) -> Result:
    """Say what an import did."""
    published, opened = imported.published, imported.opened
    found = figures(plan.parsed)
    if published.is_new:
        found += [
            (_("Versión"), published.version.number),
            (_("Apartados abiertos a comentarios"), opened.threads),
        ]
    return _result(found, problems(plan), is_same=not published.is_new, url=url)


def _result(
    found: list[Figure],
    told: Sequence[Problem],
    *,
    is_trial: bool = False,
    is_same: bool = False,
    url: str = "",
) -> Result:
    shown = tuple(told[:PROBLEMS_SHOWN])
    return Result(is_trial, tuple(found), shown, len(told), is_same, url)
