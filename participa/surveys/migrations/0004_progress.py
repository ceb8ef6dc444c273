from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from participa.db.keys import RandomKey, random_id
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('entities', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision'), ('surveys', '0003_drafts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Progress',
            fields=[
                ('id', RandomKey(primary_key=True, generated=False, default=random_id)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('survey', fields.ForeignKeyField('surveys.Survey', source_field='survey_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('version', fields.IntField()),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('typed', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('touched_on', fields.DateField()),
            ],
            options={'table': 'surveys_progress', 'app': 'surveys', 'indexes': [Index(fields=['survey_id']), Index(fields=['touched_on'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
