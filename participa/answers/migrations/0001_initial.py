from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('deliberation', '0001_initial'), ('entities', '0001_initial'), ('plans', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = True

    operations = [
        ops.CreateModel(
            name='Answer',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('process', fields.ForeignKeyField('processes.Process', source_field='process_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('verdict', fields.CharField(max_length=12)),
                ('reason_source', fields.TextField(unique=False)),
                ('reason_html', fields.TextField(unique=False)),
                ('sanitiser_version', fields.IntField()),
                ('office', fields.CharField(max_length=120)),
                ('section', fields.ForeignKeyField('plans.Section', source_field='section_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('version_number', fields.IntField(null=True)),
                ('is_owed', fields.BooleanField(default=False)),
                ('edit_count', fields.IntField(default=0)),
                ('request_key', fields.CharField(null=True, max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('edited_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'answers_answer', 'app': 'answers', 'unique_together': (('entity', 'request_key'),), 'indexes': [Index(fields=['process_id', 'is_owed']), Index(fields=['section_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='AnswerRevision',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('answer', fields.ForeignKeyField('answers.Answer', source_field='answer_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('verdict', fields.CharField(max_length=12)),
                ('reason_source', fields.TextField(unique=False)),
                ('reason_html', fields.TextField(unique=False)),
                ('office', fields.CharField(max_length=120)),
                ('section', fields.ForeignKeyField('plans.Section', source_field='section_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('version_number', fields.IntField(null=True)),
                ('is_owed', fields.BooleanField(default=False)),
                ('replaced_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'answers_revision', 'app': 'answers', 'unique_together': (('answer', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='AnswerTarget',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('answer', fields.ForeignKeyField('answers.Answer', source_field='answer_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'answers_target', 'app': 'answers', 'unique_together': (('contribution',),), 'indexes': [Index(fields=['answer_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='EarlierTarget',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('answer', fields.ForeignKeyField('answers.Answer', source_field='answer_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('replaced_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'answers_earlier_target', 'app': 'answers', 'unique_together': (('contribution', 'answer'),), 'indexes': [Index(fields=['answer_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
