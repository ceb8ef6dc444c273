from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accounts', '0002_identity_checks'), ('entities', '0002_census'), ('processes', '0001_initial'), ('processes', '0002_revision'), ('surveys', '0006_who_answers')]

    initial = False

    operations = [
        ops.CreateModel(
            name='LogHead',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('survey', fields.ForeignKeyField('surveys.Survey', source_field='survey_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField(default=0)),
                ('digest', fields.CharField(max_length=64)),
            ],
            options={'table': 'surveys_log_head', 'app': 'surveys', 'unique_together': (('survey',),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.RemoveIndex(
            model_name='Response',
            name=None,
            fields=['survey_id', 'version'],
        ),
        ops.RemoveIndex(
            model_name='Response',
            name=None,
            fields=['survey_id', 'channel'],
        ),
        ops.AddIndex(
            model_name='Response',
            index=Index(fields=['survey_id', 'version', 'entity_id']),
        ),
        ops.AddIndex(
            model_name='Response',
            index=Index(fields=['survey_id', 'channel', 'entity_id']),
        ),
    ]
