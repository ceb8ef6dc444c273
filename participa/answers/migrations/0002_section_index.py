from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('answers', '0001_initial'), ('deliberation', '0001_initial'), ('deliberation', '0002_voice'), ('deliberation', '0003_conclusions'), ('entities', '0001_initial'), ('plans', '0002_drafts'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='AnswerRevision',
            index=Index(fields=['section_id']),
        ),
    ]
