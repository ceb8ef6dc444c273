from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('entities', '0001_initial'), ('files', '0001_initial')]

    initial = False

    operations = [
        ops.AddField(
            model_name='StoredFile',
            name='hidden_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='StoredFile',
            name='hidden_reason',
            field=fields.CharField(default='', db_default='', max_length=20),
        ),
    ]
