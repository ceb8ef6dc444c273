"""Rounds of opinion, their statements, who takes part, and what was answered to what."""

from datetime import UTC, datetime
from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from participa.accounts.models import Person
from participa.entities.models import EntityRow
from participa.processes.models import Process


class Round(EntityRow):
    """Statements put to everybody inside a process.

    One that was held elsewhere has the moment when it ended in `closed_at`, and in `published`
    what its source says of itself (address, views, number of groups).
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    title = fields.CharField(max_length=200)
    question = fields.TextField(default="")
    # Whether a participant's statement waits for a moderator before anybody sees it.
    reviews_first = fields.BooleanField(default=True)
    # Whether opinion groups are shown while people can still vote; totals never are.
    shows_groups_live = fields.BooleanField(default=False, db_default=False)
    # Rises whenever the groups that are kept change or are forgotten.
    groups_number = fields.IntField(default=0, db_default=0)
    closed_at: datetime | None = fields.DatetimeField(null=True)
    source = fields.TextField(default="")
    published: dict[str, str] = fields.JSONField(default=dict)

    class Meta:
        table = "opinion_round"
        unique_together = (("process", "title"),)


class Participant(EntityRow):
    """Somebody in one round. Who leaves the platform leaves the votes, without the name.

    `number` and `opinion_group` are those of the round's source, if it was held elsewhere.
    """

    round: fields.ForeignKeyRelation[Round] = fields.ForeignKeyField(
        "opinion.Round", related_name=False, on_delete=fields.CASCADE
    )
    round_id: int
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    person_id: int | None
    number: int | None = fields.IntField(null=True)
    opinion_group: int | None = fields.IntField(null=True)

    class Meta:
        table = "opinion_participant"
        unique_together = (("round", "person"), ("round", "number"))
        indexes = [Index(fields=("person_id",))]


class Statement(EntityRow):
    """A sentence to agree or disagree with; its words never change once it is there.

    `key` is the same for words that differ only in writing. The counts are of the present
    votes and change in the transaction that changes a vote.
    """

    round: fields.ForeignKeyRelation[Round] = fields.ForeignKeyField(
        "opinion.Round", related_name=False, on_delete=fields.CASCADE
    )
    round_id: int
    number = fields.IntField()
    author: fields.ForeignKeyNullableRelation[Participant] = fields.ForeignKeyField(
        "opinion.Participant", related_name=False, null=True, on_delete=fields.NO_ACTION
    )
    author_id: int | None
    text = fields.TextField()
    key = fields.CharField(max_length=40, null=True)
    state = fields.CharField(max_length=12)  # pending | published | rejected
    is_seed = fields.BooleanField(default=False)
    reason = fields.TextField(default="")
    agrees = fields.IntField(default=0)
    disagrees = fields.IntField(default=0)
    passes = fields.IntField(default=0)
    # How many votes there are: agrees, disagrees and passes together.
    views = fields.IntField(default=0, db_default=0)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "opinion_statement"
        unique_together = (("round", "number"), ("round", "key"))
        indexes = [
            Index(fields=("author_id",)),
            # The least seen ones first: the next statement is taken from here.
            Index(fields=("entity_id", "round_id", "state", "views", "id")),
        ]


class Vote(EntityRow):
    """What a participant says of a statement now."""

    statement: fields.ForeignKeyRelation[Statement] = fields.ForeignKeyField(
        "opinion.Statement", related_name=False, on_delete=fields.CASCADE
    )
    statement_id: int
    participant: fields.ForeignKeyRelation[Participant] = fields.ForeignKeyField(
        "opinion.Participant", related_name=False, on_delete=fields.CASCADE
    )
    participant_id: int
    choice = fields.SmallIntField()  # 1 agree | -1 disagree | 0 pass
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "opinion_vote"
        unique_together = (("statement", "participant"),)
        indexes = [Index(fields=("participant_id", "statement_id", "choice"))]


class EarlierVote(EntityRow):
    """What a participant said of a statement before changing it."""

    statement: fields.ForeignKeyRelation[Statement] = fields.ForeignKeyField(
        "opinion.Statement", related_name=False, on_delete=fields.CASCADE
    )
    statement_id: int
    participant: fields.ForeignKeyRelation[Participant] = fields.ForeignKeyField(
        "opinion.Participant", related_name=False, on_delete=fields.CASCADE
    )
    participant_id: int
    choice = fields.SmallIntField()
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "opinion_earlier_vote"
        indexes = [Index(fields=("statement_id",)), Index(fields=("participant_id",))]


NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When groups were found that are to be found anew: their map is not known."""


class RoundGroups(EntityRow):
    """What is published of the opinion groups of a round; nobody is named in it.

    `summary` is a `Summary` of participa/insights/opinion, with statements by their numbers.
    `lens` is not published: with it the pages tell somebody near which group their own votes
    are (a `Lens` of lens.py; None without groups). `votes` counts the votes and changes of
    votes there were, and `seconds` is how long the search took.
    """

    round: fields.ForeignKeyRelation[Round] = fields.ForeignKeyField(
        "opinion.Round", related_name=False, on_delete=fields.CASCADE, unique=True
    )
    round_id: int
    summary: dict[str, Any] = fields.JSONField()
    lens: dict[str, Any] | None = fields.JSONField(null=True)
    votes = fields.IntField(default=0, db_default=0)
    seconds = fields.FloatField(default=0.0, db_default=0.0)
    found_at: datetime = fields.DatetimeField()

    class Meta:
        table = "opinion_round_groups"
