"""Results reports: themes, who counts in them, and the words quoted."""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.deliberation.models import Contribution
from participa.entities.models import EntityRow
from participa.processes.models import Process


class ResultReport(EntityRow):
    """What a process's contributions came to, as a draft and then frozen.

    It gets its `number` when it is published, so that the published ones have no gaps.
    `engine`, `seed` and `digest` let anybody rebuild it; `ledger` accounts for every
    contribution received.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    number: int | None = fields.IntField(null=True)
    title = fields.CharField(max_length=200)
    introduction = fields.TextField(default="")
    state = fields.CharField(max_length=12)  # queued | building | draft | failed | published
    progress = fields.IntField(default=0)
    error = fields.TextField(default="")
    engine = fields.CharField(max_length=40, default="")
    seed = fields.IntField(default=0)
    digest = fields.CharField(max_length=64, default="")
    ledger: dict[str, int] = fields.JSONField(default=dict)
    # The figures as frozen: by channel, by stance, people; pages never count again.
    figures: dict[str, object] = fields.JSONField(default=dict)
    created_at: datetime = fields.DatetimeField()
    published_at: datetime | None = fields.DatetimeField(null=True)
    published_by = fields.CharField(max_length=190, default="")
    request_key = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "insights_report"
        unique_together = (("entity", "number"), ("entity", "request_key"))
        indexes = [Index(fields=("process_id",))]


class Cluster(EntityRow):
    """A theme of a report. `name` is what a person called it, over the machine's words."""

    report: fields.ForeignKeyRelation[ResultReport] = fields.ForeignKeyField(
        "insights.ResultReport", related_name=False, on_delete=fields.CASCADE
    )
    report_id: int
    position = fields.IntField()
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
        unique_together = (("report", "position"),)


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
    cluster. `support_count` is what it was when the report was built.
    """

    report: fields.ForeignKeyRelation[ResultReport] = fields.ForeignKeyField(
        "insights.ResultReport", related_name=False, on_delete=fields.CASCADE
    )
    report_id: int
    cluster: fields.ForeignKeyNullableRelation[Cluster] = fields.ForeignKeyField(
        "insights.Cluster", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    cluster_id: int | None
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
            Index(fields=("report_id", "standing", "rank")),
            Index(fields=("cluster_id", "rank")),
            Index(fields=("contribution_id",)),
        ]


class Quote(EntityRow):
    """Words of a contribution, exact, standing for a theme."""

    cluster: fields.ForeignKeyRelation[Cluster] = fields.ForeignKeyField(
        "insights.Cluster", related_name=False, on_delete=fields.CASCADE
    )
    cluster_id: int
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
        indexes = [Index(fields=("contribution_id",))]
