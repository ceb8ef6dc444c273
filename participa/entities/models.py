"""Entities, the host names they answer to, and the base of every row that belongs to one."""

from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from tortoise import fields
from tortoise.indexes import Index
from tortoise.queryset import QuerySet

from participa.db.base import Row
from participa.kit.html import SafeHtml, render_markdown


@lru_cache(maxsize=100)
def _rendered(source: str) -> SafeHtml:
    return render_markdown(source)


class Entity(Row):
    """A municipality: its name, its voice, its clock."""

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=60, unique=True)
    name = fields.CharField(max_length=120)
    short_name = fields.CharField(max_length=60)
    department = fields.CharField(max_length=60)
    site_name = fields.CharField(max_length=120)
    welcome = fields.TextField(default="")
    other_ways = fields.TextField(default="")
    timezone = fields.CharField(max_length=60, default="America/Bogota")
    locale = fields.CharField(max_length=8, default="es")
    # Where links in mail lead; never taken from a request (T17).
    base_url = fields.CharField(max_length=200)
    is_demo = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "entities_entity"

    @property
    def zone(self) -> ZoneInfo:
        """The entity's time zone: its phases open and close by this clock."""
        return ZoneInfo(self.timezone)

    @property
    def other_ways_html(self) -> SafeHtml:
        """The other ways to take part, written by the entity in Markdown."""
        return _rendered(self.other_ways)


class EntityHost(Row):
    """A host name, without port, under which an entity is served."""

    id = fields.IntField(primary_key=True)
    entity: fields.ForeignKeyRelation[Entity] = fields.ForeignKeyField(
        "entities.Entity", related_name="hosts", on_delete=fields.CASCADE
    )
    entity_id: int
    host = fields.CharField(max_length=190, unique=True)

    class Meta:
        table = "entities_host"
        indexes = [Index(fields=("entity_id",))]


class EntityRow(Row):
    """A row of one entity. Read it through `of`: a test refuses any other way."""

    id = fields.IntField(primary_key=True)
    entity: fields.ForeignKeyRelation[Entity] = fields.ForeignKeyField(
        "entities.Entity", related_name=False, on_delete=fields.RESTRICT
    )
    entity_id: int

    class Meta:
        abstract = True

    @classmethod
    def of(cls, entity_id: int) -> QuerySet[Self]:
        """Start a query inside one entity."""
        return cls.filter(entity_id=entity_id)


class Territory(EntityRow):
    """A part of the municipality: barrio, vereda, comuna or corregimiento."""

    kind = fields.CharField(max_length=20)
    name = fields.CharField(max_length=80)

    class Meta:
        table = "entities_territory"
        unique_together = (("entity", "kind", "name"),)


class Office(EntityRow):
    """A dependencia of the entity, in whose name officials answer."""

    name = fields.CharField(max_length=120)

    class Meta:
        table = "entities_office"
        unique_together = (("entity", "name"),)


class Census(EntityRow):
    """Where the counts of people who live here come from; an entity has one."""

    source = fields.CharField(max_length=160)
    revision = fields.IntField(default=1)
    updated_on = fields.DateField()

    class Meta:
        table = "entities_census"
        unique_together = (("entity",),)


class CensusGroup(EntityRow):
    """How many people of an age and a sex, or of a place, live here.

    A row says the age, the sex or both, or else the place; `position` is its line in the list.
    """

    position = fields.IntField()
    age = fields.CharField(max_length=40, default="")
    sex = fields.CharField(max_length=40, default="")
    area = fields.CharField(max_length=80, default="")
    people = fields.IntField()

    class Meta:
        table = "entities_census_group"
        unique_together = (("entity", "position"),)
