"""The schema of this package, as the ORM generated it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [("entities", "0001_initial"), ("processes", "0001_initial")]

    initial = True

    operations = [
        ops.CreateModel(
            name='AccountabilitySession',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('process', fields.ForeignKeyField('processes.Process', source_field='process_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('title', fields.CharField(max_length=160)),
                ('summary_source', fields.TextField(default='', unique=False)),
                ('summary_html', fields.TextField(default='', unique=False)),
                ('sanitiser_version', fields.IntField()),
                ('place', fields.TextField(default='', unique=False)),
                ('held_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('position', fields.IntField(default=0)),
            ],
            options={'table': 'accountability_session', 'app': 'accountability', 'unique_together': (('process', 'title'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Goal',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('process', fields.ForeignKeyField('processes.Process', source_field='process_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('axis', fields.CharField(max_length=300)),
                ('programme', fields.CharField(max_length=300)),
                ('number', fields.CharField(max_length=40)),
                ('title', fields.TextField(unique=False)),
                ('indicator', fields.TextField(default='', unique=False)),
                ('unit', fields.CharField(max_length=120)),
                ('direction', fields.CharField(max_length=20)),
                ('base_line', fields.FloatField(null=True)),
                ('office', fields.CharField(max_length=160)),
                ('note', fields.TextField(default='', unique=False)),
            ],
            options={'table': 'accountability_goal', 'app': 'accountability', 'unique_together': (('process', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='GoalYear',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('goal', fields.ForeignKeyField('accountability.Goal', source_field='goal_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('year', fields.IntField()),
                ('programmed', fields.FloatField()),
                ('executed', fields.FloatField(null=True)),
                ('appropriated', fields.BigIntField(null=True)),
                ('committed', fields.BigIntField(null=True)),
                ('paid', fields.BigIntField(null=True)),
            ],
            options={'table': 'accountability_goal_year', 'app': 'accountability', 'unique_together': (('goal', 'year'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
