"""How the changes between two versions of a plan are laid out. No I/O."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from participa.consultations.reading import named
from participa.i18n import Text, _
from participa.kit.diffs import Piece, condensed, word_diff
from participa.kit.passages import text_of
from participa.plans.changes import Change, SectionChange
from participa.web.navigation import with_query

PAGE = 20
# Signs of both wordings up to which a list shows what changed, around each change, and in all.
INLINE = 8_000
AROUND = 70
LONGEST = 600

WORDS: dict[Change, Text] = {
    Change.NEW: _("Nuevo"),
    Change.CHANGED: _("Cambió el texto"),
    Change.MOVED: _("Cambió de lugar o de número"),
    Change.GONE: _("Salió del texto"),
}
COUNTED: dict[Change, Text] = {
    Change.NEW: _("Nuevos"),
    Change.CHANGED: _("Con cambios en el texto"),
    Change.GONE: _("Salieron"),
    Change.MOVED: _("Solo cambiaron de lugar o de número"),
}
KINDS = {
    "nuevos": Change.NEW,
    "cambiaron": Change.CHANGED,
    "salieron": Change.GONE,
    "movidos": Change.MOVED,
}

# The texts of sections as HTML, before and after.
Texts = Mapping[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """A section that changed; `was` is what it was called where that is not what it is called."""

    change: Change
    kind_label: Text
    title: str
    was: str
    url: str
    pieces: tuple[Piece, ...]


def selected(changes: Sequence[SectionChange], kind: str) -> list[SectionChange]:
    """Give the changes of a kind, or those of words where none is asked for."""
    wanted = KINDS.get(kind)
    if wanted is None:
        return [each for each in changes if each.change is not Change.MOVED]
    return [each for each in changes if each.change is wanted]


def figures(
    changes: Sequence[SectionChange], url: str, kind: str
) -> list[tuple[str, Text, int, bool]]:
    """Count the changes by kind: address, words, how many, whether it is the one looked at."""
    counts = Counter(each.change for each in changes)
    names = {change: name for name, change in KINDS.items()}
    return [
        (with_query(url, tipo=names[change]), words, counts[change], names[change] == kind)
        for change, words in COUNTED.items()
    ]


def items(changes: Collection[SectionChange], texts: Texts, url: str) -> list[ChangeItem]:
    """Lay out a page of changes."""
    return [_item(each, texts, url) for each in changes]


def _item(each: SectionChange, texts: Texts, url: str) -> ChangeItem:
    before, after = texts.get(each.entry.section_id, ("", ""))
    pieces: tuple[Piece, ...] = ()
    if each.change is not Change.MOVED and len(before) + len(after) <= INLINE:
        pieces = condensed(differences(before, after), AROUND, LONGEST)
    return ChangeItem(
        change=each.change,
        kind_label=WORDS[each.change],
        title=named(each.entry),
        was=was_called(each),
        url=with_query(url, apartado=each.entry.section_id),
        pieces=pieces,
    )


def was_called(each: SectionChange) -> str:
    """Give what a section was called before, where it is another name."""
    if each.before is None or each.after is None:
        return ""
    before = named(each.before)
    return before if before != named(each.after) else ""


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts as people read them; nothing where only their form changed."""
    pieces = word_diff(text_of(before).strip(), text_of(after).strip())
    return pieces if any(piece.kind != "same" for piece in pieces) else ()
