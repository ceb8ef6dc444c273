"""How many votes a statement has, in a column with an index: the least seen are shown first."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

COUNTED = "UPDATE opinion_statement SET views = agrees + disagrees + passes"


class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('entities', '0001_initial'), ('opinion', '0002_groups'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Statement',
            name='views',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.RunSQL(COUNTED, ops.RunSQL.noop),
        ops.AddIndex(
            model_name='Statement',
            index=Index(fields=['entity_id', 'round_id', 'state', 'views', 'id']),
        ),
    ]
