from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('deliberation', '0003_conclusions'), ('entities', '0001_initial'), ('insights', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.CreateModel(
            name='EarlierThemeAnswer',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('cluster', fields.ForeignKeyField('insights.Cluster', source_field='cluster_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('decision', fields.CharField(max_length=12)),
                ('answer', fields.TextField(unique=False)),
                ('answer_html', fields.TextField(unique=False)),
                ('office', fields.CharField(max_length=120)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('replaced_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'insights_earlier_answer', 'app': 'insights', 'unique_together': (('cluster', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
