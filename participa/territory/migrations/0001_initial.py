from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('deliberation', '0001_initial'), ('entities', '0001_initial')]

    initial = True

    operations = [
        ops.CreateModel(
            name='Area',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('territory', fields.ForeignKeyField('entities.Territory', source_field='territory_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('parent', fields.ForeignKeyField('entities.Territory', source_field='parent_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('rings', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('imported_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'territory_area', 'app': 'territory', 'unique_together': (('territory',),), 'indexes': [Index(fields=['parent_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Placement',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('territory', fields.ForeignKeyField('entities.Territory', source_field='territory_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('lon', fields.FloatField(null=True)),
                ('lat', fields.FloatField(null=True)),
            ],
            options={'table': 'territory_placement', 'app': 'territory', 'unique_together': (('contribution',),), 'indexes': [Index(fields=['territory_id', 'contribution_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
