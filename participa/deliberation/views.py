"""What pages show of contributions: plain frozen values, made from rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from participa.accounts.permissions import Action, Actor, Target, can
from participa.deliberation.models import Contribution
from participa.deliberation.rules import MODERATION_RULES, State, depth
from participa.deliberation.shown import AreaRow, ParentRow, ShownRow
from participa.features import Shown
from participa.i18n import Text, _
from participa.kit.html import SafeHtml

DEEPEST_SHOWN = 2
# Two states of the same place, of the same length: one is written over the other (see kept.py).
OWN_HIDDEN, OWN_SHOWN = Markup(" hidden"), Markup("       ")
NOT_PRESSED = Markup('apoyar" aria-pressed="false"')
PRESSED = Markup('quitar" aria-pressed="true" ')
EXCERPT = 180


@dataclass(frozen=True, slots=True)
class ContributionView:
    """A contribution as a reader may see it, with what this reader may do."""

    id: int
    receipt: str
    path: str
    author_name: str | Text
    # The letter in its author's circle.
    initial: str
    author_note: str
    office: str
    is_pseudonymous: bool
    depth: int
    is_opening: bool
    reply_to_name: str | Text
    reply_to_url: str
    html: Markup
    stance: str | None
    state: str
    hidden_reason: str | Text
    channel: str
    people_count: int
    support_count: int
    reply_count: int
    edit_count: int
    has_my_support: bool
    created_at: datetime
    edited_at: datetime | None
    is_mine: bool = False
    may_hide: bool = False
    may_restore: bool = False
    may_facilitate: bool = False
    is_pinned: bool = False
    moved_to: str = ""
    merged_into: str = ""
    united_count: int = 0
    may_move: bool = False
    beside: Shown | None = None
    area: AreaRow | None = None
    # Made for every reader: the places for what is theirs are marked, to be found once.
    marks: tuple[Markup, Markup] | None = None

    @property
    def own_mark(self) -> Markup:
        """Whether what only its author may do is shown: an attribute of fixed width."""
        if self.marks is not None:
            return self.marks[0]
        return OWN_SHOWN if self.is_mine else OWN_HIDDEN

    @property
    def pressed_mark(self) -> Markup:
        """What a press of the support button does and its state: attributes of fixed width."""
        if self.marks is not None:
            return self.marks[1]
        return PRESSED if self.has_my_support else NOT_PRESSED

    @property
    def url(self) -> str:
        """Its permanent address."""
        return f"/aportes/{self.receipt}"


def contribution_target(contribution: Contribution | ShownRow, *, is_public: bool = True) -> Target:
    """Give a contribution as what is acted upon; what was hidden is for moderators only."""
    return Target(
        contribution.entity_id,
        process_id=contribution.process_id,
        owner_id=contribution.author_id,
        is_public=is_public,
    )


def author_name(contribution: Contribution | ShownRow | ParentRow) -> str | Text:
    """Name who said it, as it may be shown."""
    if contribution.channel == "workshop":
        return _("Mesa de trabajo")
    if contribution.author is None:
        erased = contribution.channel == "web" and contribution.source_key is None
        return _("Cuenta eliminada") if erased else _("Participante sin nombre")
    return contribution.author.display_name


def contribution_view(
    contribution: Contribution | ShownRow,
    actor: Actor,
    *,
    supported: Collection[int] = (),
    marks: tuple[Markup, Markup] | None = None,
    beside: Shown | None = None,
    kept: Contribution | None = None,
) -> ContributionView:
    """Show a contribution to this reader; `kept` is what it was merged into, if that is to be told.

    `author`, its territory and the parent with its author must have been fetched, and for a row
    of the ORM what its feature shows `beside` it.
    """
    target = contribution_target(contribution)
    is_merged = kept is not None and contribution.state == State.PUBLISHED
    state = "merged" if is_merged else contribution.state
    published = state == State.PUBLISHED
    hidden = contribution.state == State.HIDDEN
    moderates = can(actor, Action.MODERATE, target)
    if isinstance(contribution, ShownRow):
        beside = contribution.beside
    is_readable = published or (hidden and moderates)
    reply_to_name, reply_to_url = reply_of(contribution)
    return ContributionView(
        id=contribution.id,
        receipt=contribution.receipt_number,
        path=contribution.path,
        author_name=author_name(contribution),
        initial=initial_of(contribution.office or author_name(contribution)),
        author_note=note_of(contribution),
        office=contribution.office,
        is_pseudonymous=contribution.author is not None and contribution.author.kind == "imported",
        depth=min(depth(contribution.path), DEEPEST_SHOWN),
        is_opening=contribution.is_opening,
        reply_to_name=reply_to_name,
        reply_to_url=reply_to_url,
        # Made by the sanitiser when it was written; nothing else writes this column.
        html=SafeHtml(contribution.body_html) if is_readable else Markup(),
        stance=contribution.stance,
        state=state,
        hidden_reason=MODERATION_RULES.get(contribution.hidden_reason, ""),
        channel=contribution.channel,
        people_count=contribution.people_count,
        support_count=contribution.support_count,
        reply_count=contribution.reply_count,
        edit_count=contribution.edit_count,
        has_my_support=contribution.id in supported,
        created_at=contribution.created_at,
        edited_at=contribution.edited_at,
        is_mine=(published or hidden) and can(actor, Action.REMOVE, target),
        may_hide=published and moderates,
        may_restore=hidden and moderates,
        may_facilitate=published and can(actor, Action.FACILITATE, target),
        is_pinned=isinstance(contribution, ShownRow) and contribution.is_pinned,
        moved_to=contribution.moved_to if isinstance(contribution, ShownRow) else "",
        merged_into=_merged_into(contribution, kept),
        united_count=contribution.united if isinstance(contribution, ShownRow) else 0,
        may_move=not contribution.is_opening and can(actor, Action.FACILITATE, target),
        beside=beside if is_readable else None,
        area=contribution.area if isinstance(contribution, ShownRow) and is_readable else None,
        marks=marks,
    )


def _merged_into(contribution: Contribution | ShownRow, kept: Contribution | None) -> str:
    if isinstance(contribution, ShownRow):
        return contribution.merged_into
    return kept.receipt_number if kept is not None else ""


def initial_of(name: str | Text) -> str:
    """Give the letter that stands for a speaker."""
    return str(name)[:1].upper()


def note_of(contribution: Contribution | ShownRow) -> str:
    """Say where a speaker speaks from, if that is known."""
    if contribution.place:
        return contribution.place
    author = contribution.author
    return author.territory.name if author is not None and author.territory is not None else ""


def reply_of(contribution: Contribution | ShownRow) -> tuple[str | Text, str]:
    """Name who is answered, and where that can be read."""
    parent = contribution.parent
    if parent is None:
        return "", ""
    return parent.office or author_name(parent), f"/aportes/{parent.receipt_number}"


def excerpt(text: str, longest: int = EXCERPT) -> str:
    """Cut a text at a word, for lists."""
    words = " ".join(text.split())
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0].rstrip(",;:.… ") + "…"
