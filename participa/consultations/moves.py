"""Where a passage that somebody spoke about stands in a new version of a plan. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from participa.consultations.anchoring import (
    SURE,
    UNPLACED,
    Placement,
    Quote,
    State,
    reanchor,
    reanchor_among,
)

# What each section says, by the number of a version and the section's id.
Texts = Mapping[int, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Known:
    """A passage where it was last known to stand, and how surely."""

    section_id: int
    version: int
    quote: Quote
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a passage stands in a new version."""

    section_id: int
    placement: Placement


def moved(known: Known, version: int, texts: Texts) -> Moved | None:
    """Find a passage in a version: surely in its own section, or in the only one that has it.

    None where its section left the text and no other has it: it stays where it was. A placement
    is never surer than the one it was found from.
    """
    old, new = texts[known.version], texts[version]
    section_id, placement = known.section_id, UNPLACED
    if section_id in new:
        placement = reanchor(known.quote, new[section_id], old.get(section_id, ""))
    if placement.confidence < SURE:
        elsewhere = reanchor_among(known.quote, list(old.values()), new)
        if elsewhere is not None and elsewhere[1].confidence > placement.confidence:
            section_id, placement = elsewhere
    if section_id not in new:
        return None
    return Moved(section_id, _no_surer(placement, known.confidence))


def _no_surer(placement: Placement, confidence: float) -> Placement:
    if placement.state is State.SECTION or placement.confidence <= confidence:
        return placement
    state = placement.state if confidence >= SURE else State.DOUBTFUL
    return replace(placement, confidence=confidence, state=state)
