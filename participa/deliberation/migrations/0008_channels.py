from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('deliberation', '0007_merges'), ('entities', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Contribution',
            index=Index(fields=['thread_id', 'channel', 'office']),
        ),
    ]
