"""What anybody needs to count a report again, as files of a bundle. Pure.

A text that may no longer be read keeps its line and loses its words, its voice and its stance.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from participa.deliberation.voices import Counted, voice_of
from participa.insights.editing import Change, stored_change
from participa.insights.figures import Item
from participa.insights.reading import Source
from participa.kit.csvs import write_rows

SCHEMA = "participa.bundle/1"
TEXTS, SETTINGS, RESULT, README = "aportes.csv", "ajustes.json", "resultado.json", "LEAME.txt"
HEADER = (
    "id", "radicado", "estado", "voz", "personas", "canal", "postura", "hilo", "fecha",
    "unido_a", "titulo", "contexto", "texto",
)  # fmt: skip


class NotABundle(ValueError):
    """A file that is no bundle of a report; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Input:
    """What a report was counted from: `withheld` are the texts that may no longer be read."""

    sources: Sequence[Source]
    withheld: Mapping[int, str]
    changes: Sequence[Change]
    ledger: Mapping[str, int]
    engine: str
    input_digest: str


def texts_csv(
    sources: Sequence[Source],
    withheld: Mapping[int, str],
    receipts: Mapping[int, str],
    voices: Mapping[str, str],
) -> bytes:
    """Write the texts as counted; a cell that begins with an apostrophe gets one more."""
    blank = [""] * (len(HEADER) - 3)
    rows = {source.id: _row(source, receipts, voices) for source in sources}
    rows |= {gone: (gone, receipts[gone], why, *blank) for gone, why in withheld.items()}
    return b"".join(write_rows(HEADER, [rows[each] for each in sorted(rows)]))


def _row(
    source: Source, receipts: Mapping[int, str], voices: Mapping[str, str]
) -> tuple[int | str, ...]:
    counted, item = source.counted, source.item
    return (
        source.id,
        receipts[source.id],
        "",
        voices.get(counted.voice, ""),
        counted.people,
        counted.channel,
        counted.stance or "",
        item.topic,
        item.said_on.isoformat(),
        source.merged_into or "",
        *(_kept(text) for text in (source.title, source.context, source.body)),
    )


def _kept(text: str) -> str:
    return f"'{text}" if text.startswith("'") else text


def _said(cell: str) -> str:
    return cell.removeprefix("'")


def settings_json(inputs: Input, told: Mapping[str, object]) -> bytes:
    """Write what the texts were counted with; `told` is what else says which report it is."""
    changes = [[change.kind, change.detail()] for change in inputs.changes]
    written = {
        "schema": SCHEMA,
        "engine": inputs.engine,
        "input_digest": inputs.input_digest,
        "ledger": dict(inputs.ledger),
        "changes": changes,
        "withheld": len(inputs.withheld),
        **told,
    }
    return json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_input(files: Mapping[str, bytes]) -> Input:
    """Read a bundle back, its rows in any order. Refuses with NotABundle."""
    try:
        settings = json.loads(files[SETTINGS])
        if settings["schema"] != SCHEMA:
            raise NotABundle(str(settings["schema"]))
        rows = list(csv.DictReader(io.StringIO(files[TEXTS].decode(), newline="")))
        return Input(
            sources=sorted(_sources(rows), key=lambda source: source.id),
            withheld={int(row["id"]): row["estado"] for row in rows if row["estado"]},
            changes=[stored_change(kind, detail) for kind, detail in settings["changes"]],
            ledger=settings["ledger"],
            engine=settings["engine"],
            input_digest=settings["input_digest"],
        )
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise NotABundle(str(error)) from error


def _sources(rows: Iterable[Mapping[str, str]]) -> Iterable[Source]:
    for row in rows:
        if row["estado"]:
            continue
        text_id = int(row["id"])
        voice = voice_of(
            contribution_id=text_id, author_id=None, channel=row["canal"], voice=row["voz"]
        )
        counted = Counted(voice, int(row["personas"]), row["canal"], row["postura"] or None)
        yield Source(
            id=text_id,
            title=_said(row["titulo"]),
            body=_said(row["texto"]),
            support_count=0,
            item=Item(
                id=text_id,
                counted=counted,
                first=None,
                topic=int(row["hilo"]),
                area="",
                said_on=date.fromisoformat(row["fecha"]),
            ),
            context=_said(row["contexto"]),
            merged_into=int(row["unido_a"]) if row["unido_a"] else None,
        )
