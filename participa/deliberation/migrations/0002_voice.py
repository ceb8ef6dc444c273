from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

# What was brought as a mesa's so far is one mesa by its place, day and attendance.
MESAS = """
    UPDATE deliberation_contribution
    SET voice = substr(
        'mesa:' || lower(place) || ':' || substr(CAST(created_at AS text), 1, 10) || ':'
        || CAST(people_count AS text), 1, 80)
    WHERE channel = 'workshop' AND place <> ''
"""


class Migration(migrations.Migration):
    dependencies = [('deliberation', '0001_initial')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Contribution',
            name='voice',
            field=fields.CharField(default='', db_default='', max_length=80),
        ),
        ops.RunSQL(MESAS, ops.RunSQL.noop),
    ]
