"""The public log of a survey: whatever can change what comes out, each line naming the one before.

A line is canonical JSON, and the next one carries its SHA-256 (T37). It says that somebody
answered, on which day, and never what.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any

from tortoise.expressions import F
from tortoise.functions import Count

from participa.surveys.models import LogEntry, LogHead, Participation, Response, Survey

BEGINNING = "0" * 64
_AT_ONCE = 2_000


def written(facts: Mapping[str, Any]) -> str:
    """Write facts in the one way that their digest is taken of."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Give the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def receipt_digest(survey_id: int, receipt_number: str) -> str:
    """Give how the log names an answer, so that who holds the receipt finds it there."""
    return digest(f"{survey_id} {receipt_number}")


async def note(survey: Survey, kind: str, day: date, **facts: object) -> None:
    """Write a line, inside the transaction of the act that it is about.

    Acts on one survey wait for each other here, in the order of the log.
    """
    heads = LogHead.of(survey.entity_id).filter(survey_id=survey.id)
    if not await heads.exists():
        await _begin(survey, day, of_now=kind == "answer")
    await _write(survey, kind, day, **facts)


async def note_answer(survey: Survey, mine: Participation, response: Response) -> None:
    """Write down that an answer was accepted."""
    receipt = receipt_digest(survey.id, mine.receipt_number)
    await note(survey, "answer", response.day, version=response.version, receipt=receipt)


async def note_withdrawal(survey: Survey, mine: Participation, day: date) -> None:
    """Write down, before it goes, that an answer was taken back or is about to be replaced."""
    response = await Response.of(survey.entity_id).filter(id=mine.response_id).first()
    if response is not None:
        receipt = receipt_digest(survey.id, mine.receipt_number)
        await note(survey, "withdrawal", day, version=response.version, receipt=receipt)


async def _begin(survey: Survey, day: date, *, of_now: bool) -> None:
    """Begin a log; answers from before there was one are its first lines, counted."""
    first = LogHead(entity_id=survey.entity_id, survey=survey, number=0, digest=BEGINNING)
    await LogHead.bulk_create([first], ignore_conflicts=True)
    responses = Response.of(survey.entity_id).filter(survey_id=survey.id)
    counts = await responses.annotate(n=Count("id")).group_by("version").values_list("version", "n")
    for version, count in sorted((int(str(v)), int(str(n))) for v, n in counts):
        earlier = count - (of_now and version == survey.version)
        if earlier:
            await _write(survey, "before", day, version=version, responses=earlier)


async def _write(survey: Survey, kind: str, day: date, **facts: object) -> None:
    heads = LogHead.of(survey.entity_id).filter(survey_id=survey.id)
    await heads.update(number=F("number") + 1)
    head = await heads.get()
    line = written(
        {"day": day.isoformat(), "kind": kind, "number": head.number, "previous": head.digest,
         "survey": survey.id, **facts}
    )  # fmt: skip
    found = digest(line)
    await LogEntry.create(
        entity_id=survey.entity_id, survey=survey, number=head.number, line=line, digest=found
    )
    await heads.update(digest=found)


async def head_of(survey: Survey) -> tuple[int, str]:
    """Give how many lines the log has, and the digest of the last."""
    head = await LogHead.of(survey.entity_id).filter(survey_id=survey.id).first()
    return (0, BEGINNING) if head is None else (head.number, head.digest)


async def log_lines(survey: Survey) -> AsyncIterator[bytes]:
    """Give the log as it is published: its lines, and at the end the digest of the last."""
    after, last = 0, BEGINNING
    while True:
        rows = LogEntry.of(survey.entity_id).filter(survey_id=survey.id, number__gt=after)
        some = await rows.order_by("number").limit(_AT_ONCE)
        if not some:
            break
        after, last = some[-1].number, some[-1].digest
        yield "".join(f"{row.line}\n" for row in some).encode()
    yield (written({"head": last}) + "\n").encode()
