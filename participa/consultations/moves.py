"""Where a passage that somebody spoke about stands in a new version of a plan. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from participa.consultations.anchoring import (
    SURE,
    UNPLACED,
    Placement,
    Quote,
    Renewed,
    State,
    reanchor,
    reanchor_among,
    reanchor_edited,
    renewed,
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


@dataclass(frozen=True, slots=True)
class News:
    """What the sections of a version say that they did not before, worked out once."""

    version: int
    texts: Texts
    _found: dict[int, list[Renewed]] = field(default_factory=dict)

    def since(self, earlier: int) -> list[Renewed]:
        """Give the new words of each section, compared with an earlier version."""
        if earlier not in self._found:
            old = self.texts[earlier]
            self._found[earlier] = [
                renewed(section, text, old.get(section, ""))
                for section, text in self.texts[self.version].items()
                if text != old.get(section)
            ]
        return self._found[earlier]


def moved(known: Known, news: News) -> Moved | None:
    """Find a passage in a version: surely in its own section, or in the only one that has it.

    Where none has it, it is perhaps where new words of another section are like it.

    None where its section left the text and no other has it: it stays where it was. A placement
    is never surer than the one it was found from.
    """
    old, new = news.texts[known.version], news.texts[news.version]
    section_id, placement = known.section_id, UNPLACED
    if section_id in new:
        placement = reanchor(known.quote, new[section_id], old.get(section_id, ""))
    if placement.confidence < SURE:
        elsewhere = reanchor_among(known.quote, list(old.values()), new)
        if elsewhere is not None and elsewhere[1].confidence > placement.confidence:
            section_id, placement = elsewhere
    if placement.state is State.SECTION:
        others = [each for each in news.since(known.version) if each.section_id != section_id]
        edited = reanchor_edited(known.quote, old.values(), others)
        section_id, placement = edited or (section_id, placement)
    if section_id not in new:
        return None
    return Moved(section_id, _no_surer(placement, known.confidence))


def _no_surer(placement: Placement, confidence: float) -> Placement:
    if placement.state is State.SECTION or placement.confidence <= confidence:
        return placement
    state = placement.state if confidence >= SURE else State.DOUBTFUL
    return replace(placement, confidence=confidence, state=state)
