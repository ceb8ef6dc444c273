from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('deliberation', '0005_departures'), ('entities', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Thread',
            name='withheld_title',
            field=fields.CharField(default='', db_default='', max_length=300),
        ),
    ]
