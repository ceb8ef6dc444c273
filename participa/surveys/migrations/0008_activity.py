from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('accounts', '0002_identity_checks'), ('entities', '0001_initial'), ('entities', '0002_census'), ('processes', '0001_initial'), ('processes', '0002_revision'), ('surveys', '0007_log_head')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Survey',
            name='activity',
            field=fields.CharField(default='surveys.answer', db_default='surveys.answer', max_length=40),
        ),
    ]
