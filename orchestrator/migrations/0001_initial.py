import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audience', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BusinessEventTimes',
            fields=[
                ('workspace', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='audience.workspace')),
                ('times', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name='Lane',
            fields=[
                ('lane', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('attempt', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('fresh_low_id', models.BigIntegerField(default=0)),
                ('bulk_low_id', models.BigIntegerField(default=0)),
                ('fresh_mark_id', models.BigIntegerField(default=0)),
                ('bulk_mark_id', models.BigIntegerField(default=0)),
                ('marked_at', models.DateTimeField(null=True)),
                ('fresh_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Expansion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('campaign_id', models.BigIntegerField()),
                ('occurrence', models.CharField(max_length=200)),
                ('part', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(choices=[('running', 'Going through the people'), ('done', 'Done'), ('stopped', 'Stopped')], default='running', max_length=7)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('event', models.JSONField(default=dict)),
                ('cursor', models.BigIntegerField(default=0)),
                ('skipped', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('people', models.BigIntegerField(default=0)),
                ('moments', models.BigIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('worked_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'running')), fields=['due_at'], name='expansion_running'), models.Index(fields=['campaign_id', '-due_at'], name='expansion_of_campaign'), models.Index(fields=['ended_at'], name='expansion_age')],
                'constraints': [models.UniqueConstraint(fields=('campaign_id', 'occurrence', 'part'), name='expansion_is_unique'), models.CheckConstraint(condition=models.Q(('state__in', ['running', 'done', 'stopped'])), name='expansion_state_is_known')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.BinaryField(max_length=16)),
                ('status', models.PositiveSmallIntegerField()),
                ('answer', models.JSONField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='idempotency_key_age')],
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'key'), name='idempotency_key_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='Inbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('lane', models.SmallIntegerField()),
                ('fresh', models.BooleanField()),
                ('body', models.BinaryField()),
                ('received_at', models.DateTimeField()),
                ('failures', models.SmallIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['lane', 'fresh', 'id'], name='inbox_lane')],
            },
        ),
        migrations.CreateModel(
            name='PlaceImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('user_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('reading', 'Reading'), ('read', 'Read'), ('writing', 'Writing'), ('done', 'Done')], max_length=8)),
                ('source', models.BinaryField()),
                ('choices', models.JSONField()),
                ('revision', models.IntegerField(default=0)),
                ('total', models.IntegerField()),
                ('done', models.IntegerField(default=0)),
                ('found', models.JSONField(default=dict)),
                ('chunks', django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(), default=list, size=None)),
                ('chunk', models.IntegerField(default=0)),
                ('ids', models.BinaryField(default=bytes)),
                ('left_out', models.BinaryField(default=bytes)),
                ('created', models.IntegerField(default=0)),
                ('changed', models.IntegerField(default=0)),
                ('unchanged', models.IntegerField(default=0)),
                ('removed', models.IntegerField(default=0)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='placeimport_age'), models.Index(condition=models.Q(('state__in', ('reading', 'writing'))), fields=['id'], name='placeimport_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Quarantine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('lane', models.SmallIntegerField()),
                ('body', models.BinaryField()),
                ('error', models.TextField()),
                ('received_at', models.DateTimeField()),
                ('quarantined_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'message set aside',
                'verbose_name_plural': 'messages set aside',
                'indexes': [models.Index(fields=['workspace_id', '-id'], name='quarantine_newest')],
            },
        ),
        migrations.CreateModel(
            name='Rejection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('key_id', models.BigIntegerField(null=True)),
                ('message_id', models.CharField(blank=True, max_length=200)),
                ('type', models.CharField(blank=True, max_length=20)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('code', models.CharField(max_length=40)),
                ('message', models.CharField(max_length=300)),
                ('fix', models.CharField(max_length=300)),
                ('held_for_s', models.FloatField(null=True)),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['workspace_id', '-id'], name='rejection_newest'), models.Index(fields=['received_at'], name='rejection_age')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('event', models.CharField(max_length=200)),
                ('rows', models.BinaryField()),
                ('good', models.IntegerField()),
                ('bad', models.IntegerField()),
                ('user_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
                ('counted_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='upload_age')],
            },
        ),
        migrations.RunSQL(
            """
            -- The inbox is a queue: rows live for milliseconds and must be swept up as fast.
            ALTER TABLE orchestrator_inbox SET (autovacuum_vacuum_scale_factor = 0,
                autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
            ALTER TABLE orchestrator_lane SET (fillfactor = 20,
                autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 100);
            INSERT INTO orchestrator_lane (lane, attempt, fresh_low_id, bulk_low_id,
                                           fresh_mark_id, bulk_mark_id)
            SELECT lane, '{}', 0, 0, 0, 0 FROM generate_series(0, 15) AS lane;
            """,
            migrations.RunSQL.noop,
        ),
    ]
