from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

# Reports from before: a theme's number is its place, and members are where they were built.
NUMBERS = "UPDATE insights_cluster SET number = position"
BUILT = """
    UPDATE insights_member SET built_theme =
        (SELECT c.position FROM insights_cluster c WHERE c.id = insights_member.cluster_id)
    WHERE cluster_id IS NOT NULL
"""
READ = """
    UPDATE insights_report
    SET public_number = number, input_digest = digest, read_up_to = COALESCE(
        (SELECT max(m.contribution_id) FROM insights_member m
            WHERE m.report_id = insights_report.id), 0)
"""


class Migration(migrations.Migration):
    dependencies = [('deliberation', '0006_withheld_titles'), ('entities', '0001_initial'), ('insights', '0002_earlier_answers'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Edit',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('report', fields.ForeignKeyField('insights.ResultReport', source_field='report_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('kind', fields.CharField(max_length=12)),
                ('detail', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('reason', fields.CharField(default='', max_length=300)),
                ('made_by', fields.CharField(max_length=190)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('undone_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('undone_by', fields.CharField(default='', max_length=190)),
            ],
            options={'table': 'insights_edit', 'app': 'insights', 'unique_together': (('report', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Part',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('report', fields.ForeignKeyField('insights.ResultReport', source_field='report_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('cluster', fields.ForeignKeyField('insights.Cluster', source_field='cluster_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('words', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('stability', fields.FloatField()),
                ('figures', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
            ],
            options={'table': 'insights_part', 'app': 'insights', 'unique_together': (('report', 'number'),), 'indexes': [Index(fields=['cluster_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.AddField(
            model_name='Cluster',
            name='by_hand',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Cluster',
            name='is_merged',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Cluster',
            name='number',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.RunSQL(NUMBERS, ops.RunSQL.noop),
        ops.AddConstraint(
            model_name='Cluster',
            constraint=UniqueConstraint(fields=('report', 'number'), name=None),
        ),
        ops.AddField(
            model_name='Quote',
            name='part',
            field=fields.ForeignKeyField('insights.Part', source_field='part_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL),
        ),
        ops.RemoveIndex(
            model_name='ReportMember',
            name=None,
            fields=['report_id', 'standing', 'rank'],
        ),
        ops.AddField(
            model_name='ReportMember',
            name='built_part',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='ReportMember',
            name='built_theme',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='ReportMember',
            name='part',
            field=fields.ForeignKeyField('insights.Part', source_field='part_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL),
        ),
        ops.AddIndex(
            model_name='ReportMember',
            index=Index(fields=['report_id', 'standing', 'contribution_id']),
        ),
        ops.AddField(
            model_name='ResultReport',
            name='census',
            field=fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
        ops.AddField(
            model_name='ResultReport',
            name='correction',
            field=fields.TextField(default='', db_default='', unique=False),
        ),
        ops.AddField(
            model_name='ResultReport',
            name='corrects',
            field=fields.ForeignKeyField('insights.ResultReport', source_field='corrects_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='ResultReport',
            name='edit_count',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='ResultReport',
            name='input_digest',
            field=fields.CharField(default='', db_default='', max_length=64),
        ),
        ops.AddField(
            model_name='ResultReport',
            name='is_superseded',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='ResultReport',
            name='public_number',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='ResultReport',
            name='read_up_to',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='ResultReport',
            name='version',
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddIndex(
            model_name='ReportMember',
            index=Index(fields=['part_id']),
        ),
        ops.AddIndex(
            model_name='Quote',
            index=Index(fields=['part_id']),
        ),
        ops.AddIndex(
            model_name='ResultReport',
            index=Index(fields=['corrects_id']),
        ),
        ops.RunSQL(BUILT, ops.RunSQL.noop),
        ops.RunSQL(READ, ops.RunSQL.noop),
        ops.AddConstraint(
            model_name='ResultReport',
            constraint=UniqueConstraint(fields=('entity', 'public_number', 'version'), name=None),
        ),
    ]
