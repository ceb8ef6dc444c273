from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('entities', '0001_initial')]

    initial = True

    operations = [
        ops.CreateModel(
            name='MenuEntry',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('code', fields.CharField(max_length=12)),
                ('mode', fields.CharField(default='live', max_length=20)),
                ('owner', fields.CharField(default='', max_length=160)),
                ('title', fields.CharField(default='', max_length=200)),
                ('url', fields.CharField(default='', max_length=500)),
                ('reason', fields.TextField(default='', unique=False)),
                ('changed_by', fields.CharField(max_length=120)),
                ('changed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'menu_entry', 'app': 'menu', 'unique_together': (('entity', 'code'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
