from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

# Openings hidden or taken back before titles were withheld still lend theirs to their threads.
_LEFT = """
    thread.sole_key IS NULL AND thread.withheld_title = '' AND opening.is_opening
    AND opening.state <> 'published' AND thread.title <> opening.receipt_number
"""
DEPARTURES = f"""
    UPDATE deliberation_departure SET to_title = (
        SELECT MIN(opening.receipt_number) FROM deliberation_thread thread
        JOIN deliberation_contribution opening ON opening.thread_id = thread.id
        JOIN deliberation_thread beside ON beside.id = deliberation_departure.thread_id
        WHERE thread.process_id = beside.process_id
            AND thread.title = deliberation_departure.to_title AND {_LEFT}
    )
    WHERE EXISTS (
        SELECT 1 FROM deliberation_thread thread
        JOIN deliberation_contribution opening ON opening.thread_id = thread.id
        JOIN deliberation_thread beside ON beside.id = deliberation_departure.thread_id
        WHERE thread.process_id = beside.process_id
            AND thread.title = deliberation_departure.to_title AND {_LEFT}
    )
"""  # noqa: S608 - joined from two constants
TITLES = f"""
    UPDATE deliberation_thread SET
        withheld_title = CASE WHEN EXISTS (
            SELECT 1 FROM deliberation_contribution opening
            WHERE opening.thread_id = deliberation_thread.id AND opening.is_opening
                AND opening.state = 'hidden_by_moderator'
        ) THEN title ELSE '' END,
        title = (
            SELECT MIN(opening.receipt_number) FROM deliberation_contribution opening
            WHERE opening.thread_id = deliberation_thread.id AND opening.is_opening
        )
    WHERE id IN (
        SELECT thread.id FROM deliberation_thread thread
        JOIN deliberation_contribution opening ON opening.thread_id = thread.id WHERE {_LEFT}
    )
"""  # noqa: S608 - joined from two constants


class Migration(migrations.Migration):
    dependencies = [('deliberation', '0006_withheld_titles'), ('entities', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Merge',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('into', fields.ForeignKeyField('deliberation.Contribution', source_field='into_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('set_aside', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('merged_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('told_on', fields.DateField(null=True)),
                ('told_how', fields.CharField(default='', max_length=200)),
            ],
            options={'table': 'deliberation_merge', 'app': 'deliberation', 'unique_together': (('contribution',),), 'indexes': [Index(fields=['into_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.AddField(
            model_name='Departure',
            name='merge_id',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Support',
            name='merge_id',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Thread',
            name='merged_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(DEPARTURES, ops.RunSQL.noop),
        ops.RunSQL(TITLES, ops.RunSQL.noop),
    ]
