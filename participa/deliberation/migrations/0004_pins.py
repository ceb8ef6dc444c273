from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('deliberation', '0003_conclusions'), ('entities', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Pin',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('thread', fields.ForeignKeyField('deliberation.Thread', source_field='thread_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('pinned_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'deliberation_pin', 'app': 'deliberation', 'unique_together': (('contribution',),), 'indexes': [Index(fields=['thread_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.AddField(
            model_name='Thread',
            name='pinned_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
