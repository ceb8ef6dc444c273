from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('answers', '0002_section_index'), ('deliberation', '0004_pins'), ('entities', '0001_initial'), ('plans', '0003_draft_keys'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.AddField(
            model_name='AnswerTarget',
            name='told_how',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='AnswerTarget',
            name='told_on',
            field=fields.DateField(null=True),
        ),
    ]
