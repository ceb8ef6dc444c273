"""Recordings of other channels, what was said in them, and the organisations that spoke."""

from datetime import date, datetime
from typing import Any

from tortoise import fields
from tortoise.indexes import Index

from participa.accounts.models import Person
from participa.deliberation.models import Contribution
from participa.entities.models import EntityRow
from participa.processes.models import Process


class Organisation(EntityRow):
    """An organisation that takes part as such; `person` is who it speaks as, without a sign-in."""

    name = fields.CharField(max_length=160)
    kind = fields.CharField(max_length=20)
    nit = fields.CharField(max_length=20, default="")
    # The name by which it is found again, however it was written.
    key = fields.CharField(max_length=160)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    person_id: int

    class Meta:
        table = "channels_organisation"
        unique_together = (("entity", "key"),)
        indexes = [Index(fields=("person_id",))]


class Recording(EntityRow):
    """One session as an official recorded it: a mesa, calls or paper of a day, an organisation."""

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    kind = fields.CharField(max_length=12)
    held_on: date = fields.DateField()
    place = fields.CharField(max_length=80, default="")
    # How many were there; 0 where nobody met.
    people_count = fields.IntField(default=0)
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "channels.Organisation", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    organisation_id: int | None
    recorded_by = fields.CharField(max_length=120)
    recorded_at: datetime = fields.DatetimeField()
    request_key = fields.CharField(max_length=64, null=True)
    # Of which sheet: what it leaves later belongs to the same session. See marks.py.
    source = fields.CharField(max_length=80, default="", db_default="")

    class Meta:
        table = "channels_recording"
        unique_together = (("entity", "request_key"),)
        indexes = [Index(fields=("process_id", "id")), Index(fields=("organisation_id",))]


class Recorded(EntityRow):
    """A contribution that a recording left."""

    recording: fields.ForeignKeyRelation[Recording] = fields.ForeignKeyField(
        "channels.Recording", related_name=False, on_delete=fields.CASCADE
    )
    recording_id: int
    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    # Which row of a sheet it was; no row is recorded twice.
    source_key = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "channels_recorded"
        unique_together = (("contribution",), ("entity", "source_key"))
        indexes = [Index(fields=("recording_id", "id"))]


class CheckedSheet(EntityRow):
    """A long sheet between its check and its recording, for two days.

    `head` and `rows` are what the fields of the form would hold; each row also says its `line`.
    """

    process: fields.ForeignKeyRelation[Process] = fields.ForeignKeyField(
        "processes.Process", related_name=False, on_delete=fields.CASCADE
    )
    process_id: int
    official: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "accounts.Person", related_name=False, on_delete=fields.CASCADE
    )
    official_id: int
    digest = fields.CharField(max_length=64)
    head: dict[str, str] = fields.JSONField()
    rows: list[dict[str, Any]] = fields.JSONField()
    recording: fields.ForeignKeyNullableRelation[Recording] = fields.ForeignKeyField(
        "channels.Recording", related_name=False, null=True, on_delete=fields.CASCADE
    )
    recording_id: int | None
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "channels_checked_sheet"
        unique_together = (("official", "process", "digest"),)
        indexes = [
            Index(fields=("created_at",)),
            Index(fields=("process_id",)),
            Index(fields=("recording_id",)),
        ]
