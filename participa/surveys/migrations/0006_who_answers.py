from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from participa.db.keys import RandomKey, random_id
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('entities', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision'), ('surveys', '0005_results')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AnswerChange',
            fields=[
                ('id', RandomKey(primary_key=True, generated=False, default=random_id)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('participation', fields.ForeignKeyField('surveys.Participation', source_field='participation_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('act', fields.CharField(max_length=12)),
                ('digest', fields.CharField(default='', max_length=64)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'surveys_answer_change', 'app': 'surveys', 'unique_together': (('participation', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='QuotaCell',
            fields=[
                ('id', RandomKey(primary_key=True, generated=False, default=random_id)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('survey', fields.ForeignKeyField('surveys.Survey', source_field='survey_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('cell', fields.CharField(max_length=200)),
                ('most', fields.IntField()),
                ('taken', fields.IntField(default=0, db_default=0)),
            ],
            options={'table': 'surveys_quota_cell', 'app': 'surveys', 'unique_together': (('survey', 'cell'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='RollEntry',
            fields=[
                ('id', RandomKey(primary_key=True, generated=False, default=random_id)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('survey', fields.ForeignKeyField('surveys.Survey', source_field='survey_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('name', fields.CharField(default='', max_length=120)),
                ('address', fields.CharField(default='', max_length=200)),
                ('code_hash', fields.CharField(null=True, max_length=64)),
                ('printed_on', fields.DateField(null=True)),
            ],
            options={'table': 'surveys_roll_entry', 'app': 'surveys', 'unique_together': (('survey', 'number'), ('survey', 'code_hash')), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='SurveyTemplate',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('title', fields.CharField(max_length=160)),
                ('questionnaire', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
            ],
            options={'table': 'surveys_template', 'app': 'surveys', 'unique_together': (('entity', 'title'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.AddField(
            model_name='Participation',
            name='channel',
            field=fields.CharField(default='web', db_default='web', max_length=12),
        ),
        ops.AddField(
            model_name='Participation',
            name='recorded_by',
            field=fields.ForeignKeyField('accounts.Person', source_field='recorded_by_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='Participation',
            name='withdrawn_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Participation',
            index=Index(fields=['recorded_by_id']),
        ),
        ops.AddField(
            model_name='Progress',
            name='channel',
            field=fields.CharField(default='web', db_default='web', max_length=12),
        ),
        ops.AddField(
            model_name='Progress',
            name='participant',
            field=fields.CharField(default='', db_default='', max_length=80),
        ),
        ops.AddField(
            model_name='Response',
            name='channel',
            field=fields.CharField(default='web', db_default='web', max_length=12),
        ),
        ops.AddField(
            model_name='Response',
            name='quota',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddIndex(
            model_name='Response',
            index=Index(fields=['survey_id', 'channel']),
        ),
        ops.AddField(
            model_name='Survey',
            name='audience',
            field=fields.CharField(default='registered', db_default='registered', max_length=12),
        ),
        ops.AddField(
            model_name='Survey',
            name='is_secret',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Survey',
            name='may_change',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Survey',
            name='quota_items',
            field=fields.JSONField(default=list, db_default=[], encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
    ]
