"""Observations and answers side by side: the rows of the public table and of its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from markupsafe import Markup

from participa.answers.rows import standing_pill
from participa.answers.standing import Spot, Wanted, spots
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.queries import official_answers
from participa.deliberation.rules import State
from participa.deliberation.verdicts import VERDICT_PILLS, VERDICTS
from participa.deliberation.views import author_name, excerpt
from participa.features import Features, FormalAnswer, ThemeLink
from participa.i18n import Text, _
from participa.kit.html import SafeHtml, plain_text
from participa.processes.models import Process
from participa.processes.views import Pill

BATCH = 500
LONGEST_OPTION = 90
REPLIED = Pill("follow", _("Respondido en la conversación"))
STATES: dict[str, Text] = {
    State.PUBLISHED: _("Publicado"),
    State.REMOVED: _("Retirado por su autor"),
    State.HIDDEN: _("Oculto por moderación"),
}
SOURCES: dict[str, Text] = {
    "formal": _("Respuesta formal"),
    "reply": _("Respuesta en la conversación"),
    "theme": _("Respuesta al tema"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, wherever it was given: formally, in the conversation (`reply`) or to the theme.

    `url` is where it stands, empty on a formal one: that is on the contribution's own page.
    """

    source: str
    pill: Pill
    office: str
    html: Markup
    at: datetime | None = None
    url: str = ""
    theme: str | Text = ""
    section_label: str = ""
    section_url: str = ""
    version: int | None = None
    is_owed: bool = False
    change_count: int = 0


@dataclass(frozen=True, slots=True)
class TableRow:
    """An observation with its answer; without words and answer where it is not shown any more."""

    receipt: str
    url: str
    kind_label: Text
    place_title: str
    place_url: str
    author: str | Text
    channel: str
    people_count: int
    created_at: datetime
    state: str
    state_label: Text
    text: str
    pill: Pill
    given: Given | None
    days_waiting: int | None
    html: Markup = field(default_factory=Markup)


async def table_rows(
    features: Features, process: Process, found: Sequence[Spot], now: datetime
) -> list[TableRow]:
    """Read what was said and what was answered, in a fixed number of statements."""
    entity_id, ids = process.entity_id, [spot.id for spot in found]
    rows = Contribution.of(entity_id).filter(id__in=ids)
    said = {row.id: row for row in await rows.select_related("thread", "author")}
    shown = [row for row in said.values() if row.state == State.PUBLISHED]
    formal = await features.answers(entity_id, ids)
    replies = await official_answers(entity_id, shown)
    themes = await features.themes(entity_id, ids)
    owes = process.promise != "informs"
    return [
        _row(features, spot, said[spot.id], _given(spot, formal, replies, themes), now, owes=owes)
        for spot in found
    ]


def _given(
    spot: Spot,
    formal: Mapping[int, FormalAnswer],
    replies: Mapping[int, Contribution],
    themes: Mapping[int, ThemeLink],
) -> Given | None:
    if spot.source == "formal" and spot.id in formal:
        return _formal(formal[spot.id])
    if spot.source == "reply" and spot.id in replies:
        reply = replies[spot.id]
        return Given(
            "reply", REPLIED, reply.office, SafeHtml(reply.body_html), reply.created_at,
            url=f"/aportes/{reply.receipt_number}",
        )  # fmt: skip
    theme = themes.get(spot.id)
    if spot.source == "theme" and theme is not None:
        pill = Pill(VERDICT_PILLS[theme.verdict], VERDICTS[theme.verdict])
        return Given(
            "theme", pill, theme.answer_office, theme.answer_html, theme.answered_at,
            url=theme.url, theme=theme.label,
        )  # fmt: skip
    return None


def _formal(answer: FormalAnswer) -> Given:
    return Given(
        "formal",
        Pill(answer.kind, answer.label),
        answer.office,
        answer.html,
        answer.at,
        section_label=answer.section_label,
        section_url=answer.section_url,
        version=answer.version,
        is_owed=answer.is_owed,
        change_count=len(answer.history),
    )


def _row(
    features: Features,
    spot: Spot,
    said: Contribution,
    given: Given | None,
    now: datetime,
    *,
    owes: bool,
) -> TableRow:
    thread, is_shown = said.thread, said.state == State.PUBLISHED
    days = (now - said.created_at).days
    kind = features.thread_kind(thread.kind)
    return TableRow(
        receipt=said.receipt_number,
        url=f"/aportes/{said.receipt_number}",
        kind_label=kind.label,
        place_title=thread.title,
        place_url=kind.url(thread.id, thread.place_id),
        author=author_name(said) if is_shown else "",
        channel=said.channel,
        people_count=said.people_count,
        created_at=said.created_at,
        state=said.state,
        state_label=STATES[said.state],
        text=plain_text(said.body_html) if is_shown else "",
        pill=standing_pill(spot, days),
        given=given,
        days_waiting=days if owes and is_shown and given is None else None,
    )


async def all_rows(
    features: Features, process: Process, asked: Wanted, now: datetime
) -> list[TableRow]:
    """Read every observation that the filters ask for, some hundreds at a time."""
    rows: list[TableRow] = []
    after = asked.after
    while True:
        here = replace(asked, after=after)
        found = await spots(process.entity_id, process.id, here, BATCH)
        rows += await table_rows(features, process, found, now)
        if len(found) < BATCH:
            return rows
        after = found[-1].id


async def commented_sections(process: Process) -> list[tuple[str, str]]:
    """List the sections of the plan on which something was said: id and title, in their order."""
    threads = Thread.of(process.entity_id).filter(
        process_id=process.id, sole_key__startswith="section:", contribution_count__gt=0,
        is_hidden=False,
    )  # fmt: skip
    found = await threads.order_by("id").values_list("place_id", "title")
    return [(str(place), excerpt(str(title), LONGEST_OPTION)) for place, title in found]
