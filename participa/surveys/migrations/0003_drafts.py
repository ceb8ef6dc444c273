from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('entities', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision'), ('surveys', '0002_questionnaire')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Survey',
            name='draft',
            field=fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
        ops.AddField(
            model_name='Survey',
            name='revision',
            field=fields.IntField(default=0, db_default=0),
        ),
    ]
