from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('deliberation', '0007_merges'), ('entities', '0001_initial'), ('processes', '0001_initial'), ('processes', '0002_revision')]

    initial = True

    operations = [
        ops.CreateModel(
            name='Commitment',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('process', fields.ForeignKeyField('processes.Process', source_field='process_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('title', fields.CharField(max_length=200)),
                ('indicator', fields.CharField(default='', max_length=300)),
                ('office', fields.ForeignKeyField('entities.Office', source_field='office_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('owner', fields.ForeignKeyField('accounts.Person', source_field='owner_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('first_due_on', fields.DateField()),
                ('due_on', fields.DateField()),
                ('term_days', fields.IntField(null=True)),
                ('state', fields.CharField(max_length=12)),
                ('is_settled', fields.BooleanField(default=False)),
                ('done_on', fields.DateField(null=True)),
                ('done_count', fields.IntField(default=0)),
                ('step_count', fields.IntField(default=0)),
                ('origin_kind', fields.CharField(default='', max_length=40)),
                ('origin_id', fields.IntField(null=True)),
                ('session_id', fields.IntField(null=True)),
                ('request_key', fields.CharField(null=True, max_length=64)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'commitments_commitment', 'app': 'commitments', 'unique_together': (('entity', 'request_key'),), 'indexes': [Index(fields=['entity_id', 'is_settled', 'due_on', 'id']), Index(fields=['process_id']), Index(fields=['office_id']), Index(fields=['owner_id']), Index(fields=['entity_id', 'session_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='EvidenceLink',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('commitment', fields.ForeignKeyField('commitments.Commitment', source_field='commitment_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('url', fields.CharField(max_length=500)),
                ('description', fields.CharField(max_length=200)),
                ('added_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('removed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'commitments_link', 'app': 'commitments', 'indexes': [Index(fields=['commitment_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='OwnerReminder',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('commitment', fields.ForeignKeyField('commitments.Commitment', source_field='commitment_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('kind', fields.CharField(max_length=8)),
                ('due_on', fields.DateField()),
                ('reminded_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'commitments_reminder', 'app': 'commitments', 'unique_together': (('commitment', 'kind', 'due_on'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Source',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('commitment', fields.ForeignKeyField('commitments.Commitment', source_field='commitment_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('contribution', fields.ForeignKeyField('deliberation.Contribution', source_field='contribution_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('told_step', fields.IntField(default=0)),
                ('told_on', fields.DateField(null=True)),
                ('told_how', fields.CharField(default='', max_length=200)),
            ],
            options={'table': 'commitments_source', 'app': 'commitments', 'unique_together': (('commitment', 'contribution'),), 'indexes': [Index(fields=['contribution_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Step',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('commitment', fields.ForeignKeyField('commitments.Commitment', source_field='commitment_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('number', fields.IntField()),
                ('act', fields.CharField(max_length=12)),
                ('state', fields.CharField(max_length=12)),
                ('due_on', fields.DateField()),
                ('office', fields.CharField(default='', max_length=120)),
                ('actor_name', fields.CharField(default='', max_length=60)),
                ('note', fields.TextField(default='', unique=False)),
                ('verdict_id', fields.IntField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'commitments_step', 'app': 'commitments', 'unique_together': (('commitment', 'number'),), 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
        ops.CreateModel(
            name='Verdict',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('commitment', fields.ForeignKeyField('commitments.Commitment', source_field='commitment_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('accounts.Person', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('done_number', fields.IntField()),
                ('is_confirmed', fields.BooleanField()),
                ('reason', fields.TextField(default='', unique=False)),
                ('hidden_rule', fields.CharField(default='', max_length=8)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'commitments_verdict', 'app': 'commitments', 'unique_together': (('commitment', 'person', 'done_number'),), 'indexes': [Index(fields=['person_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
