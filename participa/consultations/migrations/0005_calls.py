from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('consultations', '0004_coauthors'), ('deliberation', '0006_withheld_titles'), ('entities', '0001_initial'), ('plans', '0001_initial'), ('plans', '0002_drafts'), ('plans', '0003_draft_keys'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Consultation',
            name='closed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Consultation',
            name='is_published',
            field=fields.BooleanField(default=True, db_default=True),
        ),
    ]
