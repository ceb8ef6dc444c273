"""Whether a session was recorded before under another date or name, so that nobody counts twice.

It is a warning: an official who knows that it is another session says so.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from participa.channels.models import Recording
from participa.channels.queries import title_of
from participa.db import fetch
from participa.i18n import Day, Text, _
from participa.processes.models import Process
from participa.web.refusals import Conflict

# So much of what is written down has to stand in another session, word for word, to be its.
SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Repeated:
    """A session that looks like the one being recorded, and how many texts they share."""

    recording: Recording
    shared: int

    @property
    def words(self) -> Text:
        """Say what it is, and why it looks the same."""
        title, day = title_of(self.recording), Day(self.recording.held_on, UTC)
        if not self.shared:
            return _("Ya se registró «{title}» de ese mismo día.", title=title)
        return _(
            "Se parece a «{title}» del {day}: {shared} de los aportes dicen allá lo mismo, "
            "palabra por palabra.", title=title, day=day, shared=self.shared,
        )  # fmt: skip


class LooksRecorded(Conflict):
    """A session that was probably recorded before; its title says which."""

    advice = _("No se guardó nada. Si es otra sesión, dígalo y regístrela.")


async def repeated(
    process: Process,
    kind: str,
    *,
    held_on: date,
    place: str,
    texts: Sequence[str],
    but: int = 0,
) -> Repeated | None:
    """Find a session of a process that says the same, or a mesa of that place and day.

    In two statements; `but` is the session itself, where it is written down already.
    """
    rows = Recording.of(process.entity_id).filter(process_id=process.id).exclude(id=but)
    known = {row.id: row for row in await rows.select_related("organisation").order_by("id")}
    if not known:
        return None
    there, shared = await _sharing(process, texts, known)
    if there is not None and shared >= SHARE * len(texts):
        return Repeated(known[there], shared)
    mesas = [each for each in known.values() if each.kind == kind == "workshop"]
    same = [each for each in mesas if each.held_on == held_on and _key(each.place) == _key(place)]
    return Repeated(same[0], 0) if same else None


_TEXTS = """
    SELECT r.recording_id, c.body_source FROM channels_recorded r
    JOIN deliberation_contribution c ON c.id = r.contribution_id
    WHERE r.entity_id = $1 AND c.process_id = $2
"""


async def _sharing(
    process: Process, texts: Sequence[str], known: Collection[int]
) -> tuple[int | None, int]:
    """Give the session that shares most of the texts, each as often as it is there."""
    wanted = Counter(_key(text) for text in texts)
    found: dict[int, Counter[str]] = {}
    for recording_id, text in await fetch(_TEXTS, process.entity_id, process.id):
        if recording_id in known and (key := _key(text)) in wanted:
            found.setdefault(recording_id, Counter())[key] += 1
    shared = {each: (wanted & counted).total() for each, counted in found.items()}
    most = max(shared, key=lambda each: shared[each], default=None)
    return most, shared[most] if most is not None else 0


def _key(words: str) -> str:
    return " ".join(words.casefold().split())
