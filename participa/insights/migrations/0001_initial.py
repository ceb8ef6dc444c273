"""The schema of this package, as the ORM generated it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [("deliberation", "0001_initial"), ("entities", "0001_initial"), ("processes", "0001_initial")]

    initial = True

    operations = [
        ops.CreateModel(
            name='ResultReport',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('process', fields.ForeignKeyField('processes.Process', source_field='process_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField(null=True)),
                ('title', fields.CharField(max_length=200)),
                ('introduction', fields.TextField(default='', unique=False)),
                ('state', fields.CharField(max_length=12)),
                ('progress', fields.IntField(default=0)),
                ('error', fields.TextField(default='', unique=False)),
                ('engine', fields.CharField(default='', max_length=40)),
                ('seed', fields.IntField(default=0)),
                ('digest', fields.CharField(default='', max_length=64)),
                ('ledger', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('figures', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('published_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('published_by', fields.CharField(default='', max_length=190)),
                ('request_key', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'insights_report', 'app': 'insights', 'unique_together': (('entity', 'number'), ('entity', 'request_key')), 'indexes': [Index(fields=['process_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Cluster',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('report', fields.ForeignKeyField('insights.ResultReport', source_field='report_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('position', fields.IntField()),
                ('name', fields.CharField(default='', max_length=160)),
                ('words', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('stability', fields.FloatField()),
                ('figures', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('answer_decision', fields.CharField(default='', max_length=12)),
                ('answer', fields.TextField(default='', unique=False)),
                ('answer_html', fields.TextField(default='', unique=False)),
                ('answer_sanitiser_version', fields.IntField(default=0)),
                ('answer_office', fields.CharField(default='', max_length=120)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'insights_cluster', 'app': 'insights', 'unique_together': (('report', 'position'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Quote',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('cluster', fields.ForeignKeyField('insights.Cluster', source_field='cluster_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('position', fields.IntField()),
                ('role', fields.CharField(max_length=12)),
                ('words', fields.TextField(unique=False)),
            ],
            options={'table': 'insights_quote', 'app': 'insights', 'unique_together': (('cluster', 'position'),), 'indexes': [Index(fields=['contribution_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='ReportMember',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('report', fields.ForeignKeyField('insights.ResultReport', source_field='report_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('cluster', fields.ForeignKeyField('insights.Cluster', source_field='cluster_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('standing', fields.CharField(max_length=8)),
                ('rank', fields.IntField()),
                ('support_count', fields.IntField(default=0)),
                ('duplicate_of', fields.IntField(null=True)),
            ],
            options={'table': 'insights_member', 'app': 'insights', 'unique_together': (('report', 'contribution'),), 'indexes': [Index(fields=['report_id', 'standing', 'rank']), Index(fields=['cluster_id', 'rank']), Index(fields=['contribution_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
