from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('consultations', '0001_initial'), ('deliberation', '0001_initial'), ('entities', '0001_initial'), ('plans', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Anchor',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('remark', fields.CharField(max_length=12)),
                ('proposed', fields.TextField(default='', unique=False)),
                ('made_on', fields.IntField()),
                ('made_in', fields.IntField()),
                ('words', fields.TextField(default='', unique=False)),
                ('prefix', fields.CharField(default='', max_length=120)),
                ('suffix', fields.CharField(default='', max_length=120)),
                ('start', fields.IntField(default=0)),
                ('section', fields.ForeignKeyField('plans.Section', source_field='section_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('placed_on', fields.IntField()),
                ('seen_on', fields.IntField()),
                ('placed_start', fields.IntField(null=True)),
                ('placed_end', fields.IntField(null=True)),
                ('confidence', fields.FloatField()),
                ('state', fields.CharField(max_length=10)),
                ('is_decided', fields.BooleanField(default=False)),
            ],
            options={'table': 'consultations_anchor', 'app': 'consultations', 'unique_together': (('contribution',),), 'indexes': [Index(fields=['section_id']), Index(fields=['entity_id', 'state'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
