"""The key of the form that made a draft's latest revision."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('plans', '0002_drafts')]

    initial = False

    operations = [
        ops.AddField(
            model_name='PlanDraft',
            name='last_key',
            field=fields.CharField(default='', db_default='', max_length=64),
        ),
    ]
