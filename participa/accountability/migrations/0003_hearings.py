from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accountability', '0002_origins'), ('accounts', '0001_initial'), ('deliberation', '0007_merges'), ('entities', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AgendaPoint',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('session', fields.ForeignKeyField('accountability.AccountabilitySession', source_field='session_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('position', fields.IntField()),
                ('point', fields.CharField(max_length=12)),
                ('title', fields.CharField(default='', max_length=160)),
                ('minutes', fields.IntField()),
                ('questions', fields.IntField(default=0)),
                ('voices', fields.IntField(default=0)),
                ('is_minority', fields.BooleanField(default=False)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'accountability_agenda_point', 'app': 'accountability', 'unique_together': (('session', 'position'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Captions',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('session', fields.ForeignKeyField('accountability.AccountabilitySession', source_field='session_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('vtt', fields.TextField(unique=False)),
                ('added_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'accountability_captions', 'app': 'accountability', 'unique_together': (('session',),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='HearingEvent',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('session', fields.ForeignKeyField('accountability.AccountabilitySession', source_field='session_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('kind', fields.CharField(max_length=20)),
                ('thread_id', fields.IntField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'accountability_hearing_event', 'app': 'accountability', 'unique_together': (('session', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='HearingMinutes',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('session', fields.ForeignKeyField('accountability.AccountabilitySession', source_field='session_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('body_source', fields.TextField(unique=False)),
                ('body_html', fields.TextField(unique=False)),
                ('sanitiser_version', fields.IntField()),
                ('reason', fields.TextField(default='', unique=False)),
                ('record', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('digest', fields.CharField(default='', max_length=64)),
                ('published_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('signed_by', fields.CharField(default='', max_length=200)),
            ],
            options={'table': 'accountability_hearing_minutes', 'app': 'accountability', 'unique_together': (('session', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='HearingQuestion',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('session', fields.ForeignKeyField('accountability.AccountabilitySession', source_field='session_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('thread', fields.ForeignKeyField('deliberation.Thread', source_field='thread_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('state', fields.CharField(max_length=12)),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('shown_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('answer', fields.ForeignKeyField('deliberation.Contribution', source_field='answer_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('second', fields.IntField(null=True)),
                ('due_on', fields.DateField(null=True)),
                ('owner', fields.ForeignKeyField('entities.Office', source_field='owner_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('owner_name', fields.CharField(default='', max_length=120)),
            ],
            options={'table': 'accountability_hearing_question', 'app': 'accountability', 'unique_together': (('thread',),), 'indexes': [Index(fields=['session_id', 'state']), Index(fields=['answer_id']), Index(fields=['owner_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Registration',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('session', fields.ForeignKeyField('accountability.AccountabilitySession', source_field='session_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('accounts.Person', source_field='person_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('name', fields.CharField(max_length=120)),
                ('channel', fields.CharField(default='web', max_length=12)),
                ('mode', fields.CharField(max_length=12)),
                ('needs', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('note', fields.CharField(default='', max_length=200)),
                ('registered_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('attended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('request_key', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'accountability_registration', 'app': 'accountability', 'unique_together': (('session', 'person'), ('entity', 'request_key')), 'indexes': [Index(fields=['person_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='announced_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='edit_count',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='ended_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='last_number',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='minutes',
            field=fields.IntField(default=180, db_default=180),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='office',
            field=fields.ForeignKeyField('entities.Office', source_field='office_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='recording_url',
            field=fields.CharField(default='', db_default='', max_length=300),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='seats',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='started_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='stream_url',
            field=fields.CharField(default='', db_default='', max_length=300),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='survey_url',
            field=fields.CharField(default='', db_default='', max_length=300),
        ),
        ops.AddField(
            model_name='AccountabilitySession',
            name='team',
            field=fields.CharField(default='', db_default='', max_length=300),
        ),
        ops.AddIndex(
            model_name='AccountabilitySession',
            index=Index(fields=['office_id']),
        ),
    ]
