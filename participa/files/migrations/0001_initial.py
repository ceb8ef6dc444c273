from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('entities', '0001_initial')]

    initial = True

    operations = [
        ops.CreateModel(
            name='StoredFile',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('owner_kind', fields.CharField(max_length=40)),
                ('owner_id', fields.IntField()),
                ('digest', fields.CharField(max_length=64)),
                ('media_type', fields.CharField(max_length=40)),
                ('byte_count', fields.IntField()),
                ('width', fields.IntField(default=0)),
                ('height', fields.IntField(default=0)),
                ('name', fields.CharField(max_length=120)),
                ('description', fields.CharField(max_length=200)),
                ('is_public', fields.BooleanField(default=True)),
                ('added_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('removed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'files_file', 'app': 'files', 'indexes': [Index(fields=['entity_id', 'owner_kind', 'owner_id']), Index(fields=['digest'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
