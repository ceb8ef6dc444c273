"""Long sheets between check and recording, and which row of which source a contribution was."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('channels', '0001_initial'), ('deliberation', '0006_withheld_titles'), ('entities', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CheckedSheet',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('process', fields.ForeignKeyField('processes.Process', source_field='process_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('official', fields.ForeignKeyField('accounts.Person', source_field='official_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('digest', fields.CharField(max_length=64)),
                ('head', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('rows', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('recording', fields.ForeignKeyField('channels.Recording', source_field='recording_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'channels_checked_sheet', 'app': 'channels', 'unique_together': (('official', 'process', 'digest'),), 'indexes': [Index(fields=['created_at']), Index(fields=['process_id']), Index(fields=['recording_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.AddField(
            model_name='Recorded',
            name='source_key',
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddConstraint(
            model_name='Recorded',
            constraint=UniqueConstraint(fields=('entity', 'source_key'), name=None),
        ),
        ops.AddField(
            model_name='Recording',
            name='source',
            field=fields.CharField(default='', db_default='', max_length=80),
        ),
    ]
