"""The schema of this package, as the ORM generated it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('entities', '0001_initial'), ('processes', '0002_revision')]

    initial = True

    operations = [
        ops.CreateModel(
            name='Round',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('process', fields.ForeignKeyField('processes.Process', source_field='process_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('title', fields.CharField(max_length=200)),
                ('question', fields.TextField(default='', unique=False)),
                ('reviews_first', fields.BooleanField(default=True)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('source', fields.TextField(default='', unique=False)),
                ('published', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
            ],
            options={'table': 'opinion_round', 'app': 'opinion', 'unique_together': (('process', 'title'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Participant',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('round', fields.ForeignKeyField('opinion.Round', source_field='round_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('accounts.Person', source_field='person_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('number', fields.IntField(null=True)),
                ('opinion_group', fields.IntField(null=True)),
            ],
            options={'table': 'opinion_participant', 'app': 'opinion', 'unique_together': (('round', 'person'), ('round', 'number')), 'indexes': [Index(fields=['person_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Statement',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('round', fields.ForeignKeyField('opinion.Round', source_field='round_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('author', fields.ForeignKeyField('opinion.Participant', source_field='author_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.NO_ACTION)),
                ('text', fields.TextField(unique=False)),
                ('key', fields.CharField(null=True, max_length=40)),
                ('state', fields.CharField(max_length=12)),
                ('is_seed', fields.BooleanField(default=False)),
                ('reason', fields.TextField(default='', unique=False)),
                ('agrees', fields.IntField(default=0)),
                ('disagrees', fields.IntField(default=0)),
                ('passes', fields.IntField(default=0)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'opinion_statement', 'app': 'opinion', 'unique_together': (('round', 'number'), ('round', 'key')), 'indexes': [Index(fields=['author_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='EarlierVote',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('statement', fields.ForeignKeyField('opinion.Statement', source_field='statement_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('participant', fields.ForeignKeyField('opinion.Participant', source_field='participant_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('choice', fields.SmallIntField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'opinion_earlier_vote', 'app': 'opinion', 'indexes': [Index(fields=['statement_id']), Index(fields=['participant_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Vote',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('statement', fields.ForeignKeyField('opinion.Statement', source_field='statement_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('participant', fields.ForeignKeyField('opinion.Participant', source_field='participant_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('choice', fields.SmallIntField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'opinion_vote', 'app': 'opinion', 'unique_together': (('statement', 'participant'),), 'indexes': [Index(fields=['participant_id', 'statement_id', 'choice'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
