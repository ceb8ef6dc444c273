"""The files of published reports: written once for what they say, and kept under its digest.

A file is found by the digest of everything in it. What moderation hides, or an author takes
back, changes what the report says, so the old file is no longer found, and the next one written
takes it away from the disk.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from tortoise.expressions import Q
from tortoise.functions import Sum

from participa.deliberation.rules import State
from participa.insights.document import Document
from participa.insights.documents import read_document
from participa.insights.files.data import data
from participa.insights.files.speech import Speech
from participa.insights.models import ReportMember, ResultReport
from participa.settings import Settings

# Raise it when a writer changes what the same report looks like.
WRITERS = 1


class Format(StrEnum):
    """What a report can be had as."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file of a report: in which format, of what it says now, and where it is kept.

    `told` is what it says, as data.
    """

    report: ResultReport
    document: Document
    speech: Speech
    format: Format
    told: bytes
    digest: str
    path: Path


async def wanted_file(
    report: ResultReport, format_: Format, locale: str, settings: Settings
) -> Wanted:
    """Say which file serves a published report now; its process and entity must be loaded."""
    entity = report.entity
    speech = Speech(locale, entity.zone, entity.base_url)
    document = await read_document(report)
    told = data(document, speech)
    parts: list[object] = [WRITERS, format_, entity.name, told.decode()]
    if format_ is Format.XLSX:
        parts.append(await _contributions_state(report))
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    folder = settings.var_dir / "reports" / f"{report.entity_id}-{report.id}"
    path = folder / f"{locale}-{digest}.{format_}"
    return Wanted(report, document, speech, format_, told, digest, path)


async def _contributions_state(report: ResultReport) -> list[object]:
    """Tell one state of the contributions' words from another without reading them."""
    members = ReportMember.of(report.entity_id).filter(report_id=report.id)
    withheld = members.filter(
        ~Q(contribution__state=State.PUBLISHED) | Q(contribution__thread__is_hidden=True)
    ).order_by("contribution_id")
    edits = await members.annotate(edits=Sum("contribution__edit_count")).values_list("edits")
    return [await withheld.values_list("contribution_id", flat=True), edits[0]]


def keep(wanted: Wanted, content: bytes) -> None:
    """Put a file in its place at once, and take away the earlier ones of its kind."""
    folder = wanted.path.parent
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{uuid4().hex}"
    unfinished.write_bytes(content)
    unfinished.replace(wanted.path)
    for other in folder.glob(f"{wanted.speech.locale}-*.{wanted.format}"):
        if other != wanted.path:
            other.unlink(missing_ok=True)
