"""Results reports: themes, who counts in them, the words quoted, and what people edited."""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.deliberation.models import Contribution
from participa.entities.models import EntityRow
from participa.processes.models import Process


class ResultReport(EntityRow):
    """What a process's contributions came to, as a draft and then frozen.

    When it is published it gets the next `number` in the order of publications, and a
    `public_number`; neither has gaps. A correction keeps the public number of what it corrects
    under the next `version`, and `correction` says what changed.
    `engine`, `seed` and `input_digest` let anybody rebuild it; `digest` covers what people
    edited since. `ledger` accounts for every contribution received, `edit_count` for every
    change of a draft, so that two who review it do not undo each other unseen.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    number: int | None = fields.IntField(null=True)
    public_number: int | None = fields.IntField(null=True)
    version = fields.IntField(default=1, db_default=1)
    corrects: fields.ForeignKeyNullableRelation["ResultReport"] = fields.ForeignKeyField(
        "insights.ResultReport", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    corrects_id: int | None
    correction = fields.TextField(default="", db_default="")
    # Whether a published correction stands in its place.
    is_superseded = fields.BooleanField(default=False, db_default=False)
    title = fields.CharField(max_length=200)
    introduction = fields.TextField(default="")
    state = fields.CharField(max_length=12)  # queued | building | draft | failed | published
    progress = fields.IntField(default=0)
    error = fields.TextField(default="")
    engine = fields.CharField(max_length=40, default="")
    seed = fields.IntField(default=0)
    digest = fields.CharField(max_length=64, default="")
    input_digest = fields.CharField(max_length=64, default="", db_default="")
    edit_count = fields.IntField(default=0, db_default=0)
    # The highest id among the contributions read: later ones came since.
    read_up_to = fields.IntField(default=0, db_default=0)
    ledger: dict[str, int] = fields.JSONField(default=dict)
    # The figures as frozen: by channel, by stance, people; pages never count again.
    figures: dict[str, object] = fields.JSONField(default=dict)
    # Who took part against the census, as frozen.
    census: list[dict[str, object]] | None = fields.JSONField(null=True)
    created_at: datetime = fields.DatetimeField()
    published_at: datetime | None = fields.DatetimeField(null=True)
    published_by = fields.CharField(max_length=190, default="")
    request_key = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "insights_report"
        unique_together = (
            ("entity", "number"),
            ("entity", "request_key"),
            ("entity", "public_number", "version"),
        )
        indexes = [Index(fields=("process_id",)), Index(fields=("corrects_id",))]


class Cluster(EntityRow):
    """A theme of a report. `name` is what a person called it, over the machine's words.

    `number` names it in edits, from version to version of a report; `position` is its place.
    A theme merged into another stays here as `is_merged`, out of the places, so that the merger
    can be undone; one `by_hand` was put together by a person.
    """

    report: fields.ForeignKeyRelation[ResultReport] = fields.ForeignKeyField(
        "insights.ResultReport", related_name=False, on_delete=fields.CASCADE
    )
    report_id: int
    number = fields.IntField(default=0, db_default=0)
    position = fields.IntField()
    is_merged = fields.BooleanField(default=False, db_default=False)
    by_hand = fields.BooleanField(default=False, db_default=False)
    name = fields.CharField(max_length=160, default="")
    words: list[str] = fields.JSONField()
    stability = fields.FloatField()
    # Counts by channel and by stance, texts and people, as frozen.
    figures: dict[str, object] = fields.JSONField(default=dict)
    answer_decision = fields.CharField(max_length=12, default="")  # a Verdict
    answer = fields.TextField(default="")
    answer_html = fields.TextField(default="")
    answer_sanitiser_version = fields.IntField(default=0)
    answer_office = fields.CharField(max_length=120, default="")
    answered_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "insights_cluster"
        unique_together = (("report", "position"), ("report", "number"))


class Part(EntityRow):
    """A soft sub-theme: what some of a theme's texts have in common, found again less surely."""

    report: fields.ForeignKeyRelation[ResultReport] = fields.ForeignKeyField(
        "insights.ResultReport", related_name=False, on_delete=fields.CASCADE
    )
    report_id: int
    cluster: fields.ForeignKeyRelation[Cluster] = fields.ForeignKeyField(
        "insights.Cluster", related_name=False, on_delete=fields.CASCADE
    )
    cluster_id: int
    number = fields.IntField()
    words: list[str] = fields.JSONField()
    stability = fields.FloatField()
    figures: dict[str, object] = fields.JSONField(default=dict)

    class Meta:
        table = "insights_part"
        unique_together = (("report", "number"),)
        indexes = [Index(fields=("cluster_id",))]


class EarlierThemeAnswer(EntityRow):
    """What a theme's answer said before it was changed: the public history keeps each wording."""

    cluster: fields.ForeignKeyRelation[Cluster] = fields.ForeignKeyField(
        "insights.Cluster", related_name=False, on_delete=fields.CASCADE
    )
    cluster_id: int
    number = fields.IntField()
    decision = fields.CharField(max_length=12)
    answer = fields.TextField()
    answer_html = fields.TextField()
    office = fields.CharField(max_length=120)
    answered_at: datetime | None = fields.DatetimeField(null=True)
    replaced_at: datetime = fields.DatetimeField()

    class Meta:
        table = "insights_earlier_answer"
        unique_together = (("cluster", "number"),)


class ReportMember(EntityRow):
    """Where a contribution counts in a report.

    `standing` is theme, once (heard once) or empty (nothing to read); only the first has a
    cluster. `support_count` is what it was when the report was built; `built_theme` and
    `built_part` are the numbers of where the program had put it, before people moved it.
    """

    report: fields.ForeignKeyRelation[ResultReport] = fields.ForeignKeyField(
        "insights.ResultReport", related_name=False, on_delete=fields.CASCADE
    )
    report_id: int
    cluster: fields.ForeignKeyNullableRelation[Cluster] = fields.ForeignKeyField(
        "insights.Cluster", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    cluster_id: int | None
    part: fields.ForeignKeyNullableRelation[Part] = fields.ForeignKeyField(
        "insights.Part", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    part_id: int | None
    built_theme: int | None = fields.IntField(null=True)
    built_part: int | None = fields.IntField(null=True)
    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    standing = fields.CharField(max_length=8)
    rank = fields.IntField()
    support_count = fields.IntField(default=0)
    # The first of the near-identical texts this one repeats, if any.
    duplicate_of: int | None = fields.IntField(null=True)

    class Meta:
        table = "insights_member"
        unique_together = (("report", "contribution"),)
        indexes = [
            Index(fields=("report_id", "standing", "contribution_id")),
            Index(fields=("cluster_id", "rank")),
            Index(fields=("part_id",)),
            Index(fields=("contribution_id",)),
        ]


class Quote(EntityRow):
    """Words of a contribution, exact, standing for a theme, or for a part of one."""

    cluster: fields.ForeignKeyRelation[Cluster] = fields.ForeignKeyField(
        "insights.Cluster", related_name=False, on_delete=fields.CASCADE
    )
    cluster_id: int
    part: fields.ForeignKeyNullableRelation[Part] = fields.ForeignKeyField(
        "insights.Part", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    part_id: int | None
    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    position = fields.IntField()
    role = fields.CharField(max_length=12)
    words = fields.TextField()

    class Meta:
        table = "insights_quote"
        unique_together = (("cluster", "position"),)
        indexes = [Index(fields=("contribution_id",)), Index(fields=("part_id",))]


class Edit(EntityRow):
    """What a person changed of a draft: `kind` and `detail` say it by the numbers of themes."""

    report: fields.ForeignKeyRelation[ResultReport] = fields.ForeignKeyField(
        "insights.ResultReport", related_name=False, on_delete=fields.CASCADE
    )
    report_id: int
    number = fields.IntField()
    kind = fields.CharField(max_length=12)  # rename | merge | split | move
    detail: dict[str, object] = fields.JSONField()
    reason = fields.CharField(max_length=300, default="")
    made_by = fields.CharField(max_length=190)
    made_at: datetime = fields.DatetimeField()
    undone_at: datetime | None = fields.DatetimeField(null=True)
    undone_by = fields.CharField(max_length=190, default="")

    class Meta:
        table = "insights_edit"
        unique_together = (("report", "number"),)
