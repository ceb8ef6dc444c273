from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('consultations', '0003_course'), ('deliberation', '0002_voice'), ('entities', '0001_initial'), ('plans', '0002_drafts'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Anchor',
            name='is_decided',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
