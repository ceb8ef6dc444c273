from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('entities', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Census',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('source', fields.CharField(max_length=160)),
                ('revision', fields.IntField(default=1)),
                ('updated_on', fields.DateField()),
            ],
            options={'table': 'entities_census', 'app': 'entities', 'unique_together': (('entity',),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='CensusGroup',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('position', fields.IntField()),
                ('age', fields.CharField(default='', max_length=40)),
                ('sex', fields.CharField(default='', max_length=40)),
                ('area', fields.CharField(default='', max_length=80)),
                ('people', fields.IntField()),
            ],
            options={'table': 'entities_census_group', 'app': 'entities', 'unique_together': (('entity', 'position'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
