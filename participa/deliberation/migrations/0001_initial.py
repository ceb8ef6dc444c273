"""The schema of this package, as the ORM generated it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("entities", "0001_initial"), ("processes", "0001_initial")]

    initial = True

    operations = [
        ops.CreateModel(
            name='Draft',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('return_to', fields.CharField(max_length=300)),
                ('values', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'deliberation_draft', 'app': 'deliberation', 'indexes': [Index(fields=['created_at'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='ReceiptCounter',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('year', fields.IntField()),
                ('given', fields.IntField()),
            ],
            options={'table': 'deliberation_receipt_counter', 'app': 'deliberation', 'unique_together': (('entity', 'year'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Thread',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('process', fields.ForeignKeyField('processes.Process', source_field='process_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('kind', fields.CharField(max_length=40)),
                ('place_id', fields.IntField()),
                ('activity', fields.CharField(max_length=40)),
                ('title', fields.CharField(max_length=300)),
                ('category', fields.CharField(default='', max_length=120)),
                ('sole_key', fields.CharField(null=True, max_length=80)),
                ('source_key', fields.CharField(null=True, max_length=160)),
                ('last_number', fields.IntField(default=0)),
                ('contribution_count', fields.IntField(default=0)),
                ('support_count', fields.IntField(default=0)),
                ('is_hidden', fields.BooleanField(default=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_activity_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'deliberation_thread', 'app': 'deliberation', 'unique_together': (('entity', 'sole_key'), ('entity', 'source_key')), 'indexes': [Index(fields=['kind', 'place_id', 'last_activity_at', 'id']), Index(fields=['kind', 'place_id', 'support_count', 'id']), Index(fields=['process_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Contribution',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('thread', fields.ForeignKeyField('deliberation.Thread', source_field='thread_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('process_id', fields.IntField()),
                ('number', fields.IntField()),
                ('path', fields.CharField(max_length=400)),
                ('parent', fields.ForeignKeyField('deliberation.Contribution', source_field='parent_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('is_opening', fields.BooleanField(default=False)),
                ('author', fields.ForeignKeyField('accounts.Person', source_field='author_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('office', fields.CharField(default='', max_length=120)),
                ('body_source', fields.TextField(unique=False)),
                ('body_format', fields.CharField(default='markdown', max_length=10)),
                ('body_html', fields.TextField(unique=False)),
                ('sanitiser_version', fields.IntField()),
                ('stance', fields.CharField(null=True, max_length=12)),
                ('state', fields.CharField(default='published', max_length=20)),
                ('hidden_reason', fields.TextField(default='', unique=False)),
                ('channel', fields.CharField(default='web', max_length=12)),
                ('people_count', fields.IntField(default=1)),
                ('place', fields.CharField(default='', max_length=80)),
                ('category', fields.CharField(default='', max_length=120)),
                ('receipt_number', fields.CharField(max_length=24)),
                ('request_key', fields.CharField(null=True, max_length=64)),
                ('source_key', fields.CharField(null=True, max_length=160)),
                ('support_count', fields.IntField(default=0)),
                ('reply_count', fields.IntField(default=0)),
                ('edit_count', fields.IntField(default=0)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('edited_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'deliberation_contribution', 'app': 'deliberation', 'unique_together': (('thread', 'path'), ('entity', 'receipt_number'), ('author', 'request_key'), ('entity', 'source_key')), 'indexes': [Index(fields=['thread_id', 'support_count', 'id']), Index(fields=['thread_id', 'id']), Index(fields=['process_id', 'id']), Index(fields=['author_id', 'id']), Index(fields=['parent_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Revision',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('body_source', fields.TextField(unique=False)),
                ('body_html', fields.TextField(unique=False)),
                ('replaced_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'deliberation_revision', 'app': 'deliberation', 'unique_together': (('contribution', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Support',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('accounts.Person', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'deliberation_support', 'app': 'deliberation', 'unique_together': (('contribution', 'person'),), 'indexes': [Index(fields=['person_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='ThreadEvent',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('thread', fields.ForeignKeyField('deliberation.Thread', source_field='thread_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('kind', fields.CharField(max_length=20)),
                ('contribution_id', fields.IntField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'deliberation_event', 'app': 'deliberation', 'unique_together': (('thread', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
