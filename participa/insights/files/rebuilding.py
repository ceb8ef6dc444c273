"""Counting a report again from its open data alone, and saying whether it comes out the same."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from participa.insights.condensing import condensed
from participa.insights.files.open_data import (
    README,
    RESULT,
    SETTINGS,
    TEXTS,
    Input,
    NotABundle,
    read_input,
)  # fmt: skip
from participa.insights.files.result import counted_result
from participa.insights.rules import balanced

_LARGEST = 2**30


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of counting again.

    `written` is the new result, None where texts are missing; `differences` are the parts of it
    that are not as published. `ledger_holds` says whether every text has exactly one place.
    """

    texts: int
    missing: int
    ledger_holds: bool
    same_input: bool
    written: bytes | None
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether everything came out as published, byte for byte."""
        return self.written is not None and not self.differences

    @property
    def holds(self) -> bool:
        """Whether nothing that could be counted again contradicts the report."""
        return self.ledger_holds and (self.is_same or bool(self.missing))


def unpacked(content: bytes) -> dict[str, bytes]:
    """Unpack a bundle. Refuses with NotABundle."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _LARGEST:
                raise NotABundle("too large")
            return {name: packed.read(name) for name in (TEXTS, SETTINGS, RESULT, README)}
    except (zipfile.BadZipFile, KeyError) as error:
        raise NotABundle(str(error)) from error


def rebuild(files: Mapping[str, bytes]) -> Rebuilt:
    """Count a report again. Where texts were taken back since, only its ledger can be checked.

    Refuses with NotABundle.
    """
    inputs = read_input(files)
    published = json.loads(files[RESULT])
    texts = len(inputs.sources) + len(inputs.withheld)
    holds = _ledger_holds(inputs, published)
    if inputs.withheld:
        return Rebuilt(texts, len(inputs.withheld), holds, False, None, ())
    result = counted_result(inputs.sources, condensed(inputs.sources), inputs.changes)
    written = result.written()
    differences = ()
    if written != files[RESULT]:
        again = json.loads(written)
        differences = tuple(sorted(k for k in published if published[k] != again.get(k)))
    return Rebuilt(
        texts, 0, holds, result.input_digest == inputs.input_digest, written, differences
    )


def _ledger_holds(inputs: Input, published: Mapping[str, Any]) -> bool:
    """Whether every text has exactly one place, and as many as the ledger says."""
    ids = [source.id for source in inputs.sources] + list(inputs.withheld)
    places = [*published["once"], *published["empty"]]
    places += [each for theme in published["themes"] for each in theme["members"]]
    repeats = {int(each) for each in published["repeats"]}
    ledger = inputs.ledger
    return (
        balanced(ledger)
        and sorted(places) == sorted(ids)
        and len(repeats) == ledger["repeated"]
        and len(set(published["once"]) - repeats) == ledger["once"]
        and len(set(published["empty"]) - repeats) == ledger["empty"]
    )
