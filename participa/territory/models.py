"""The shapes of the entity's areas, and which contributions are about which place."""

from datetime import datetime

from tortoise import fields
from tortoise.indexes import Index

from participa.deliberation.models import Contribution
from participa.entities.models import EntityRow, Territory
from participa.territory.geometry import Point, Ring


class Area(EntityRow):
    """The shape of a territory, in degrees, simplified together with its neighbours."""

    territory: fields.ForeignKeyRelation[Territory] = fields.ForeignKeyField(
        "entities.Territory", related_name=False, on_delete=fields.CASCADE
    )
    territory_id: int
    parent: fields.ForeignKeyNullableRelation[Territory] = fields.ForeignKeyField(
        "entities.Territory", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    parent_id: int | None
    rings: list[list[tuple[float, float]]] = fields.JSONField()
    imported_at: datetime = fields.DatetimeField()

    class Meta:
        table = "territory_area"
        unique_together = (("territory",),)
        indexes = [Index(fields=("parent_id",))]

    @property
    def shape(self) -> tuple[Ring, ...]:
        """Its rings as geometry takes them."""
        return tuple(tuple((x, y) for x, y in ring) for ring in self.rings)


class Placement(EntityRow):
    """Where in the municipality what a contribution speaks of is."""

    contribution: fields.ForeignKeyRelation[Contribution] = fields.ForeignKeyField(
        "deliberation.Contribution", related_name=False, on_delete=fields.CASCADE
    )
    contribution_id: int
    territory: fields.ForeignKeyRelation[Territory] = fields.ForeignKeyField(
        "entities.Territory", related_name=False, on_delete=fields.CASCADE
    )
    territory_id: int
    # The point somebody pressed, if any, in degrees.
    lon = fields.FloatField(null=True)
    lat = fields.FloatField(null=True)

    class Meta:
        table = "territory_placement"
        unique_together = (("contribution",),)
        indexes = [Index(fields=("territory_id", "contribution_id"))]

    @property
    def point(self) -> Point | None:
        """The point as geometry takes it."""
        lon, lat = self.lon, self.lat
        return (lon, lat) if lon is not None and lat is not None else None
