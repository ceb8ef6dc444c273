from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('deliberation', '0002_voice'), ('entities', '0001_initial'), ('processes', '0002_revision')]

    initial = True

    operations = [
        ops.CreateModel(
            name='Organisation',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('name', fields.CharField(max_length=160)),
                ('kind', fields.CharField(max_length=20)),
                ('nit', fields.CharField(default='', max_length=20)),
                ('key', fields.CharField(max_length=160)),
                ('person', fields.ForeignKeyField('accounts.Person', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'channels_organisation', 'app': 'channels', 'unique_together': (('entity', 'key'),), 'indexes': [Index(fields=['person_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Recording',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('process', fields.ForeignKeyField('processes.Process', source_field='process_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('kind', fields.CharField(max_length=12)),
                ('held_on', fields.DateField()),
                ('place', fields.CharField(default='', max_length=80)),
                ('people_count', fields.IntField(default=0)),
                ('organisation', fields.ForeignKeyField('channels.Organisation', source_field='organisation_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('recorded_by', fields.CharField(max_length=120)),
                ('recorded_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('request_key', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'channels_recording', 'app': 'channels', 'unique_together': (('entity', 'request_key'),), 'indexes': [Index(fields=['process_id', 'id']), Index(fields=['organisation_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Recorded',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('recording', fields.ForeignKeyField('channels.Recording', source_field='recording_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'channels_recorded', 'app': 'channels', 'unique_together': (('contribution',),), 'indexes': [Index(fields=['recording_id', 'id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
