from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('entities', '0001_initial'), ('processes', '0001_initial')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Process',
            name='revision',
            field=fields.IntField(default=0, db_default=0),
        ),
    ]
