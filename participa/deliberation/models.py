"""Threads and contributions, once for the whole house, and what hangs on them."""

from datetime import date, datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.accounts.models import Person
from participa.entities.models import EntityRow
from participa.processes.models import Process


class Thread(EntityRow):
    """A conversation about one thing: a forum topic, a section, a proposal, a question.

    `kind` says which feature opened it and `place_id` where: the id of the forum, the section,
    the consultation or the session. `activity` is what a phase must open for people to speak.
    `last_number` is the number of its latest event. `closed_at` is set while the thread is closed
    by a written conclusion or because it was merged (`merged_at`), whatever its phase allows;
    `pinned_at` while its place's list shows it first.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    kind = fields.CharField(max_length=40)
    place_id = fields.IntField()
    activity = fields.CharField(max_length=40)
    title = fields.CharField(max_length=300)
    # What it is called again once its opening, hidden by a moderator, is shown again.
    withheld_title = fields.CharField(max_length=300, default="", db_default="")
    category = fields.CharField(max_length=120, default="")
    # Set where a place has exactly one thread, such as a section; unique by the database.
    sole_key = fields.CharField(max_length=80, null=True)
    source_key = fields.CharField(max_length=160, null=True)
    last_number = fields.IntField(default=0)
    contribution_count = fields.IntField(default=0)
    support_count = fields.IntField(default=0)
    is_hidden = fields.BooleanField(default=False)
    created_at: datetime = fields.DatetimeField()
    last_activity_at: datetime = fields.DatetimeField()
    closed_at: datetime | None = fields.DatetimeField(null=True)
    pinned_at: datetime | None = fields.DatetimeField(null=True)
    merged_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "deliberation_thread"
        unique_together = (("entity", "sole_key"), ("entity", "source_key"))
        indexes = [
            Index(fields=("kind", "place_id", "last_activity_at", "id")),
            Index(fields=("kind", "place_id", "support_count", "id")),
            Index(fields=("process_id",)),
        ]


class Contribution(EntityRow):
    """One thing one person (or one mesa de trabajo) said, whatever the channel.

    `path` orders a thread as a conversation: the parent's path and then four base-36 digits of
    the event number, so that a page starts anywhere at the same cost. `body_html` was sanitised
    when it was written, by the version noted beside it.
    """

    thread: fields.ForeignKeyRelation[Thread] = fields.ForeignKeyField(
        "deliberation.Thread", related_name=False, on_delete=fields.CASCADE
    )
    thread_id: int
    process_id = fields.IntField()
    number = fields.IntField()
    path = fields.CharField(max_length=400)
    parent: fields.ForeignKeyNullableRelation["Contribution"] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, null=True, on_delete=fields.CASCADE
    )
    parent_id: int | None
    is_opening = fields.BooleanField(default=False)
    author: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    author_id: int | None
    # In whose name an official spoke; empty for everybody else.
    office = fields.CharField(max_length=120, default="")
    body_source = fields.TextField()
    body_format = fields.CharField(max_length=10, default="markdown")  # markdown | html
    body_html = fields.TextField()
    sanitiser_version = fields.IntField()
    stance = fields.CharField(max_length=12, null=True)
    state = fields.CharField(max_length=20, default="published")
    # The number of the published rule it broke; its words follow the reader's language.
    hidden_reason = fields.TextField(default="")
    channel = fields.CharField(max_length=12, default="web")
    people_count = fields.IntField(default=1)
    # Whose voice it is where no account says so (see voices.py), such as one mesa's.
    voice = fields.CharField(max_length=80, default="", db_default="")
    place = fields.CharField(max_length=80, default="")
    category = fields.CharField(max_length=120, default="")
    receipt_number = fields.CharField(max_length=24)
    request_key = fields.CharField(max_length=64, null=True)
    source_key = fields.CharField(max_length=160, null=True)
    support_count = fields.IntField(default=0)
    reply_count = fields.IntField(default=0)
    edit_count = fields.IntField(default=0)
    created_at: datetime = fields.DatetimeField()
    edited_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "deliberation_contribution"
        unique_together = (
            ("thread", "path"),
            ("entity", "receipt_number"),
            ("author", "request_key"),
            ("entity", "source_key"),
        )
        indexes = [
            Index(fields=("thread_id", "support_count", "id")),
            Index(fields=("thread_id", "id")),
            # What lists count by channel is read from here alone.
            Index(fields=("thread_id", "channel", "office")),
            Index(fields=("process_id", "id")),
            Index(fields=("author_id", "id")),
            Index(fields=("parent_id",)),
        ]


class Revision(EntityRow):
    """What a contribution said before an edit: the public history keeps each wording."""

    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    number = fields.IntField()
    body_source = fields.TextField()
    body_html = fields.TextField()
    replaced_at: datetime = fields.DatetimeField()

    class Meta:
        table = "deliberation_revision"
        unique_together = (("contribution", "number"),)


class Support(EntityRow):
    """One person's support of one contribution; the database allows no second."""

    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int
    # The merge it came by from another contribution; none where the person pressed here.
    merge_id: int | None = fields.IntField(null=True)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "deliberation_support"
        unique_together = (("contribution", "person"),)
        indexes = [Index(fields=("person_id",))]


class ThreadEvent(EntityRow):
    """Something that happened in a thread, numbered without gaps in commit order.

    Kinds: published, edited, removed, hidden, restored, supported, pinned, unpinned, moved (to
    another thread), arrived (from one), merged (into another contribution), unmerged, united (what
    another one was merged into), parted; and without a contribution, of the thread itself:
    concluded, reworded, reopened.
    """

    thread: fields.ForeignKeyRelation[Thread] = fields.ForeignKeyField(
        "deliberation.Thread", related_name=False, on_delete=fields.CASCADE
    )
    thread_id: int
    number = fields.IntField()
    kind = fields.CharField(max_length=20)
    contribution_id: int | None = fields.IntField(null=True)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "deliberation_event"
        unique_together = (("thread", "number"),)


class Pin(EntityRow):
    """A contribution that is shown first in its thread."""

    thread: fields.ForeignKeyRelation[Thread] = fields.ForeignKeyField(
        "deliberation.Thread", related_name=False, on_delete=fields.CASCADE
    )
    thread_id: int
    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    pinned_at: datetime = fields.DatetimeField()

    class Meta:
        table = "deliberation_pin"
        unique_together = (("contribution",),)
        indexes = [Index(fields=("thread_id",))]


class Departure(EntityRow):
    """Where a contribution stood in a thread before it was moved, with its answers, to another."""

    thread: fields.ForeignKeyRelation[Thread] = fields.ForeignKeyField(
        "deliberation.Thread", related_name=False, on_delete=fields.CASCADE
    )
    thread_id: int
    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    path = fields.CharField(max_length=400)
    # Where to, as it was called then; it may have been moved on since.
    to_title = fields.CharField(max_length=300)
    # The merge of its thread with which it left, and is taken back.
    merge_id: int | None = fields.IntField(null=True)
    moved_at: datetime = fields.DatetimeField()

    class Meta:
        table = "deliberation_departure"
        unique_together = (("thread", "path"), ("contribution", "thread"))


class Merge(EntityRow):
    """A contribution that says the same as another one, `into` which it was merged.

    `into` is never itself merged into a third one. `set_aside` are the people whose own support
    of `into` rests while they stand among those who said it. `told_on` and `told_how` say when
    and how an author whom no mail reaches was told of it.
    """

    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    into: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    into_id: int
    set_aside: list[int] = fields.JSONField(default=list)
    merged_at: datetime = fields.DatetimeField()
    told_on: date | None = fields.DateField(null=True)
    told_how = fields.CharField(max_length=200, default="")

    class Meta:
        table = "deliberation_merge"
        unique_together = (("contribution",),)
        indexes = [Index(fields=("into_id",))]


class Conclusion(EntityRow):
    """A wording of what a thread was closed with; the one with the highest number is the latest.

    The author's name and office are kept as they were: an account may be erased.
    """

    thread: fields.ForeignKeyRelation[Thread] = fields.ForeignKeyField(
        "deliberation.Thread", related_name=False, on_delete=fields.CASCADE
    )
    thread_id: int
    number = fields.IntField()
    author_id: int | None = fields.IntField(null=True)
    author_name = fields.CharField(max_length=60)
    office = fields.CharField(max_length=120, default="")
    body_source = fields.TextField()
    body_html = fields.TextField()
    sanitiser_version = fields.IntField()
    written_at: datetime = fields.DatetimeField()

    class Meta:
        table = "deliberation_conclusion"
        unique_together = (("thread", "number"),)


class Draft(EntityRow):
    """What somebody wrote before saying who they are; found again by a secret token."""

    token_hash = fields.CharField(max_length=64, unique=True)
    # Where the form stood and what it held, to fill it in again.
    return_to = fields.CharField(max_length=300)
    values: dict[str, str] = fields.JSONField()
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "deliberation_draft"
        indexes = [Index(fields=("created_at",))]


class ReceiptCounter(EntityRow):
    """How many receipt numbers an entity has given in a year."""

    year = fields.IntField()
    given = fields.IntField()

    class Meta:
        table = "deliberation_receipt_counter"
        unique_together = (("entity", "year"),)
