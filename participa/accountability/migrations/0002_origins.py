from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accountability', '0001_initial'), ('deliberation', '0001_initial'), ('deliberation', '0002_voice'), ('deliberation', '0003_conclusions'), ('deliberation', '0004_pins'), ('entities', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.CreateModel(
            name='GoalOrigin',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('goal', fields.ForeignKeyField('accountability.Goal', source_field='goal_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'accountability_goal_origin', 'app': 'accountability', 'unique_together': (('goal', 'contribution'),), 'indexes': [Index(fields=['contribution_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
