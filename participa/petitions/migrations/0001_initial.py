"""The schema of this package, as the ORM generated it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("entities", "0001_initial")]

    initial = True

    operations = [
        ops.CreateModel(
            name='ClosedDay',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('on', fields.DateField()),
                ('name', fields.CharField(max_length=120)),
            ],
            options={'table': 'petitions_closed_day', 'app': 'petitions', 'unique_together': (('entity', 'on'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='FilingCounter',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('year', fields.IntField()),
                ('given', fields.IntField()),
            ],
            options={'table': 'petitions_filing_counter', 'app': 'petitions', 'unique_together': (('entity', 'year'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Petition',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('filing_number', fields.CharField(max_length=24)),
                ('code_hash', fields.CharField(max_length=64)),
                ('sending_hash', fields.CharField(null=True, max_length=64)),
                ('author', fields.ForeignKeyField('accounts.Person', source_field='author_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('is_reserved', fields.BooleanField(default=False)),
                ('contact_email', fields.CharField(default='', max_length=254)),
                ('office', fields.ForeignKeyField('entities.Office', source_field='office_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('kind', fields.CharField(max_length=20)),
                ('subject', fields.CharField(max_length=160)),
                ('body', fields.TextField(unique=False)),
                ('state', fields.CharField(default='open', max_length=12)),
                ('rule_version', fields.CharField(max_length=40)),
                ('term_days', fields.IntField()),
                ('received_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('month', fields.CharField(max_length=7)),
                ('effective_on', fields.DateField()),
                ('first_due_on', fields.DateField()),
                ('due_on', fields.DateField()),
                ('extension_days', fields.IntField(default=0)),
                ('extension_reason', fields.TextField(default='', unique=False)),
                ('extended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('answer', fields.TextField(default='', unique=False)),
                ('answer_office', fields.CharField(default='', max_length=120)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'petitions_petition', 'app': 'petitions', 'unique_together': (('entity', 'filing_number'), ('entity', 'sending_hash')), 'indexes': [Index(fields=['entity_id', 'state', 'due_on', 'id']), Index(fields=['entity_id', 'month']), Index(fields=['author_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
