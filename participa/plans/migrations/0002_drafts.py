"""Drafts of plans, corrected before they are published."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('entities', '0001_initial'), ('plans', '0001_initial'), ('processes', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PlanDraft',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('process', fields.ForeignKeyField('processes.Process', source_field='process_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('title', fields.CharField(max_length=200)),
                ('source_digest', fields.CharField(max_length=64)),
                ('base_version', fields.IntField()),
                ('revision', fields.IntField(default=1)),
                ('step', fields.IntField(default=0)),
                ('next_piece', fields.IntField()),
                ('pieces', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('findings', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('touched_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('touched_by', fields.CharField(max_length=60)),
            ],
            options={'table': 'plans_draft', 'app': 'plans', 'unique_together': (('process', 'source_digest'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='PlanDraftStep',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('draft', fields.ForeignKeyField('plans.PlanDraft', source_field='draft_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('act', fields.CharField(max_length=20)),
                ('label', fields.CharField(max_length=120)),
                ('place', fields.IntField()),
                ('removed', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('inserted', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
            ],
            options={'table': 'plans_draft_step', 'app': 'plans', 'unique_together': (('draft', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='PlanDraftText',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('draft', fields.ForeignKeyField('plans.PlanDraft', source_field='draft_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('digest', fields.CharField(max_length=32)),
                ('body', fields.TextField(unique=False)),
            ],
            options={'table': 'plans_draft_text', 'app': 'plans', 'unique_together': (('draft', 'digest'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
