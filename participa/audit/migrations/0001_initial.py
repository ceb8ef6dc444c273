"""The schema of this package, as the ORM generated it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [("entities", "0001_initial")]

    initial = True

    operations = [
        ops.CreateModel(
            name='AuditRecord',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('actor_id', fields.IntField(null=True)),
                ('actor_name', fields.CharField(max_length=60)),
                ('action', fields.CharField(max_length=60)),
                ('object_kind', fields.CharField(max_length=60)),
                ('object_id', fields.IntField()),
                ('object_label', fields.CharField(default='', max_length=200)),
                ('reason', fields.TextField(default='', unique=False)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'audit_record', 'app': 'audit', 'indexes': [Index(fields=['entity_id', 'id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
