"""Grouping the texts of a report, wherever they were read from: database or open data. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from participa.insights.reading import Source

if TYPE_CHECKING:
    from participa.insights.condense import Condensed

SEED = 2026
LANGUAGE = "es"


def voice_names(sources: Sequence[Source]) -> Mapping[str, str]:
    """Name each voice that may speak twice by its place among them, first text first.

    Such a name says which texts are of one voice, which the grouping needs, and nothing of whose
    they are: it follows from the texts alone.
    """
    ordered = sorted(sources, key=lambda source: source.id)
    voices = dict.fromkeys(s.counted.voice for s in ordered if s.person is not None)
    return {voice: f"v{number}" for number, voice in enumerate(voices, 1)}


def condensed(
    sources: Sequence[Source], note: Callable[[float], None] | None = None
) -> "Condensed":
    """Group texts into themes, but for those merged into others.

    `note` is told how far it is, from 0 to 1.
    """
    from participa.insights.condense import Text, condense

    names = voice_names(sources)
    texts = [
        Text(
            id=source.id,
            body=source.text,
            person=names.get(source.counted.voice),
            stance=source.counted.stance,
            weight=source.counted.people,
            context=source.context,
        )
        for source in sources
        if source.merged_into is None
    ]
    return condense(texts, language=LANGUAGE, seed=SEED, progress=note)
