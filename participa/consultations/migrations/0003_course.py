from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('consultations', '0002_anchor'), ('deliberation', '0001_initial'), ('entities', '0001_initial'), ('plans', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CourseStep',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('thread', fields.ForeignKeyField('deliberation.Thread', source_field='thread_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('course', fields.CharField(max_length=16)),
                ('reason', fields.TextField(default='', unique=False)),
                ('office', fields.CharField(default='', max_length=120)),
                ('is_current', fields.BooleanField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'consultations_course_step', 'app': 'consultations', 'unique_together': (('thread', 'number'),), 'indexes': [Index(fields=['entity_id', 'is_current', 'course'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.AddField(
            model_name='Consultation',
            name='requires_category',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
