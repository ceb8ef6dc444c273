from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('accounts', '0002_identity_checks'), ('entities', '0001_initial'), ('entities', '0002_census'), ('processes', '0001_initial'), ('processes', '0002_revision'), ('surveys', '0008_activity')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Progress',
            name='marks',
            field=fields.JSONField(default=dict, db_default={}, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
    ]
