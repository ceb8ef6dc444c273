"""The schema of this package, as the ORM generated it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name='Entity',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('slug', fields.CharField(unique=True, max_length=60)),
                ('name', fields.CharField(max_length=120)),
                ('short_name', fields.CharField(max_length=60)),
                ('department', fields.CharField(max_length=60)),
                ('site_name', fields.CharField(max_length=120)),
                ('welcome', fields.TextField(default='', unique=False)),
                ('other_ways', fields.TextField(default='', unique=False)),
                ('timezone', fields.CharField(default='America/Bogota', max_length=60)),
                ('locale', fields.CharField(default='es', max_length=8)),
                ('base_url', fields.CharField(max_length=200)),
                ('is_demo', fields.BooleanField(default=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'entities_entity', 'app': 'entities', 'pk_attr': 'id'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='EntityHost',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name='hosts', on_delete=OnDelete.CASCADE)),
                ('host', fields.CharField(unique=True, max_length=190)),
            ],
            options={'table': 'entities_host', 'app': 'entities', 'indexes': [Index(fields=['entity_id'])], 'pk_attr': 'id'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Office',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('name', fields.CharField(max_length=120)),
            ],
            options={'table': 'entities_office', 'app': 'entities', 'unique_together': (('entity', 'name'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Territory',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=20)),
                ('name', fields.CharField(max_length=80)),
            ],
            options={'table': 'entities_territory', 'app': 'entities', 'unique_together': (('entity', 'kind', 'name'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
