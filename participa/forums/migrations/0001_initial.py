"""The schema of this package, as the ORM generated it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("entities", "0001_initial"), ("processes", "0001_initial")]

    initial = True

    operations = [
        ops.CreateModel(
            name="Forum",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "entity",
                    fields.ForeignKeyField(
                        "entities.Entity",
                        source_field="entity_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "process",
                    fields.ForeignKeyField(
                        "processes.Process",
                        source_field="process_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("title", fields.CharField(max_length=160)),
                ("question", fields.TextField(default="", unique=False)),
                ("position", fields.IntField(default=0)),
            ],
            options={
                "table": "forums_forum",
                "app": "forums",
                "unique_together": (("process", "title"),),
                "pk_attr": "id",
            },
            bases=["EntityRow"],
        ),
    ]
