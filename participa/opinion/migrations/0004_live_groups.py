"""Groups may be shown while people vote; those found before had no map and are found anew."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise import fields

STALE = "UPDATE opinion_round_groups SET found_at = '1970-01-01 00:00:00+00:00'"


class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('entities', '0001_initial'), ('opinion', '0003_views'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.RunSQL(STALE, ops.RunSQL.noop),
        ops.AddField(
            model_name='Round',
            name='groups_number',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Round',
            name='shows_groups_live',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='RoundGroups',
            name='lens',
            field=fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
        ops.AddField(
            model_name='RoundGroups',
            name='seconds',
            field=fields.FloatField(default=0.0, db_default=0.0),
        ),
        ops.AddField(
            model_name='RoundGroups',
            name='votes',
            field=fields.IntField(default=0, db_default=0),
        ),
    ]
