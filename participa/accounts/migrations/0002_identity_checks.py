from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial'), ('entities', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='IdentityCheck',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('entity', fields.ForeignKeyField('entities.Entity', source_field='entity_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('person', fields.OneToOneField('accounts.Person', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('document_hash', fields.CharField(max_length=64)),
                ('checked_by', fields.ForeignKeyField('accounts.Person', source_field='checked_by_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('checked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'accounts_identity_check', 'app': 'accounts', 'unique_together': (('entity', 'document_hash'),), 'indexes': [Index(fields=['checked_by_id'])], 'pk_attr': 'id'},
            bases=['EntityRow'],
        ),
    ]
