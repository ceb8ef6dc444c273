"""Playing the script: every act at its moment, through the services, in the order of time.

Supports are thousands, so their rows and events are kept back and written together at the end;
the numbers they take in their threads are taken at their moment, as `set_support` would.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tortoise.expressions import F

from participa.consultations.remarks import FIELDS, read_remark
from participa.deliberation.models import Contribution, Support, Thread, ThreadEvent
from participa.deliberation.service import edit, publish, remove
from participa.demo.acts import Act, Kind
from participa.demo.cast import Cast
from participa.demo.content import Comment, Proposal, Words
from participa.demo.script import Line
from participa.demo.territory import area_of
from participa.features import Keeping
from participa.moderation.service import hide
from participa.territory.service import place_contribution
from participa.web.forms import Form

BATCH = 500
Shown = Callable[[float], None]


@dataclass(slots=True)
class _Unsettled:
    """Events a thread's row does not know yet: how many, and when the last one was."""

    count: int
    at: datetime


@dataclass(slots=True)
class Stage:
    """A municipality in which the script is played; `threads` are those that exist already.

    `spoken` fills with what was said, by the keys of the script.
    """

    cast: Cast
    threads: dict[str, int]
    _numbers: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    spoken: dict[str, Contribution] = field(default_factory=dict)
    _unsettled: dict[int, _Unsettled] = field(default_factory=dict)
    _supports: list[Support] = field(default_factory=list)
    _events: list[ThreadEvent] = field(default_factory=list)

    async def play(self, acts: Sequence[Act], shown: Shown) -> None:
        """Play every act, inside the caller's transaction."""
        for done, act in enumerate(sorted(acts, key=lambda act: act.at)):
            await self._do(act)
            shown(done / len(acts))
        for thread_id in list(self._unsettled):
            await self._settle(thread_id)
        await self._store()

    async def _do(self, act: Act) -> None:
        if act.kind is Kind.SAY:
            await self._say(act.line)
        elif act.kind is Kind.SUPPORT:
            self._support(act)
        else:
            await self._turn(act)

    async def _say(self, line: Line) -> None:
        if line.opens is not None:
            said = await line.opens(line.actor, line.said, line.at)
            self.threads[line.thread] = said.thread_id
        else:
            thread_id = self.threads[line.thread]
            parent_id = self.spoken[line.reply_to].id if line.reply_to else None
            await self._settle(thread_id)
            said = await publish(
                line.actor, thread_id, line.said, now=line.at, parent_id=parent_id,
                keeping=await self._remark(thread_id, line.words),
            )  # fmt: skip
        self._numbers[said.thread_id] = said.number
        self.spoken[line.key] = said
        if line.words.about and not isinstance(line.words, Proposal):
            area = await area_of(self.cast, line.words.about)
            await place_contribution(self.cast.entity.id, said.id, territory_id=area)

    async def _remark(self, thread_id: int, words: Words) -> Keeping | None:
        """Read what a comment says beside its words; raise ValueError for a slip in it."""
        if not isinstance(words, Comment) or not words.passage:
            return None
        thread = await Thread.of(self.cast.entity.id).get(id=thread_id)
        sent = {"remark": words.remark, "passage": words.passage, "words": words.proposed}
        form = Form(sent, fields=FIELDS)
        keeping = await read_remark(form, thread.entity_id, thread.place_id)
        if form.has_errors:
            raise ValueError(words.passage)
        return keeping

    async def _turn(self, act: Act) -> None:
        """Edit, take back or hide what was said."""
        said, words = self.spoken[act.line.key], act.line.words
        await self._settle(said.thread_id)
        if act.kind is Kind.EDIT:
            await edit(act.line.actor, said.id, words.edited_body.strip(), now=act.at)
        elif act.kind is Kind.REMOVE:
            await remove(act.line.actor, said.id, now=act.at)
        else:
            moderator = self.cast.staff["moderator"]
            rule, note = words.hidden_rule, words.hidden_reason
            await hide(moderator, said.id, rule=rule, note=note, now=act.at)
        self._numbers[said.thread_id] += 1

    def _support(self, act: Act) -> None:
        said = self.spoken[act.line.key]
        self._numbers[said.thread_id] += 1
        waiting = self._unsettled.setdefault(said.thread_id, _Unsettled(0, act.at))
        waiting.count, waiting.at = waiting.count + 1, act.at
        entity_id = self.cast.entity.id
        self._supports.append(
            Support(
                entity_id=entity_id,
                contribution_id=said.id,
                person_id=act.person_id,
                created_at=act.at,
            )
        )
        self._events.append(
            ThreadEvent(
                entity_id=entity_id,
                thread_id=said.thread_id,
                number=self._numbers[said.thread_id],
                kind="supported",
                contribution_id=said.id,
                at=act.at,
            )
        )

    async def _settle(self, thread_id: int) -> None:
        """Tell a thread's row of its supports, before anything else takes a number there."""
        waiting = self._unsettled.pop(thread_id, None)
        if waiting is not None:
            await (
                Thread.of(self.cast.entity.id)
                .filter(id=thread_id)
                .update(last_number=F("last_number") + waiting.count, last_activity_at=waiting.at)
            )

    async def _store(self) -> None:
        await Support.bulk_create(self._supports, batch_size=BATCH)
        await ThreadEvent.bulk_create(self._events, batch_size=BATCH)
        counts = Counter(support.contribution_id for support in self._supports)
        said = {each.id: each for each in self.spoken.values()}
        by_count: dict[int, list[Contribution]] = defaultdict(list)
        for contribution_id, count in counts.items():
            by_count[count].append(said[contribution_id])
        for count, rows in by_count.items():
            await self._count(count, rows)

    async def _count(self, count: int, rows: Sequence[Contribution]) -> None:
        ids = [row.id for row in rows]
        opened = [row.thread_id for row in rows if row.is_opening]
        entity_id = self.cast.entity.id
        await Contribution.of(entity_id).filter(id__in=ids).update(support_count=count)
        await Thread.of(entity_id).filter(id__in=opened).update(support_count=count)
