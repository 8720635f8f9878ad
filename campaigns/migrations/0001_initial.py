import campaigns.engine.states
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audience', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=63, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9-]{0,62}\\Z', 'Use small letters, digits and dashes.')])),
                ('name', models.CharField(max_length=200)),
                ('intent', models.CharField(choices=[('know', 'To know'), ('go', 'To go'), ('do', 'To do'), ('buy', 'To buy')], default='know', max_length=4)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('live', 'Live'), ('paused', 'Paused'), ('ended', 'Ended')], default='draft', editable=False, max_length=6)),
                ('draft', models.JSONField(default=dict)),
                ('live_since', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(editable=False)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='campaigns', to='audience.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='CampaignVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('definition', models.JSONField()),
                ('content_hash', models.CharField(max_length=32)),
                ('for_waiting', models.BooleanField(default=False)),
                ('published_at', models.DateTimeField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='campaigns.campaign')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.workspace')),
            ],
        ),
        migrations.AddField(
            model_name='campaign',
            name='live_version',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaignversion'),
        ),
        migrations.CreateModel(
            name='Circumstance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('sequence', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('known', 'what was known of the person'), ('due', 'a wait was over')], max_length=5)),
                ('document', models.JSONField()),
                ('decided_at', models.DateTimeField()),
                ('program_version', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['person_id', 'sequence'], name='circumstance_of_person'), models.Index(fields=['decided_at'], name='circumstance_age')],
            },
        ),
        migrations.CreateModel(
            name='Moment',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('workspace_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('event_id', models.BigIntegerField(null=True)),
                ('event_name', models.CharField(max_length=200)),
                ('key', models.CharField(blank=True, max_length=200)),
                ('occurrence', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('pushing', 'pushing'), ('sent', 'sent'), ('skipped', 'skipped'), ('cancelled', 'cancelled'), ('expired', 'expired'), ('failed', 'failed'), ('error', 'error')], max_length=9)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('trace', models.JSONField(default=dict)),
                ('content', models.JSONField(null=True)),
                ('occurred_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('passed_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('sequence', models.BigIntegerField()),
                ('chain', models.SmallIntegerField(default=0)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), default=list, size=None)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='moments', to='campaigns.campaign')),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='moments', to='campaigns.campaignversion')),
            ],
        ),
        migrations.CreateModel(
            name='ProgramVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
                ('document', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('workspace_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('device_id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('pending', 'pending'), ('sending', 'sending'), ('accepted', 'accepted'), ('failed', 'failed'), ('unconfirmed', 'unconfirmed'), ('dropped', 'dropped'), ('cancelled', 'cancelled')], max_length=11)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('error_code', models.CharField(blank=True, max_length=60)),
                ('fcm_name', models.CharField(blank=True, max_length=200)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('resent', models.BooleanField(default=False)),
                ('bulk', models.BooleanField(default=False)),
                ('can_be_cancelled', models.BooleanField(default=False)),
                ('told', models.BooleanField(default=False)),
                ('lease', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
                ('moment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pushes', to='campaigns.moment')),
            ],
            options={
                'verbose_name_plural': 'pushes',
            },
        ),
        migrations.AddConstraint(
            model_name='campaignversion',
            constraint=models.UniqueConstraint(fields=('campaign', 'number'), name='campaign_version_number_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(fields=('workspace', 'key'), name='campaign_key_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'live', 'paused', 'ended'])), name='campaign_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['live', 'paused']), _negated=True), ('live_version__isnull', False), _connector='OR'), name='campaign_is_live_with_a_version'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('live_since__isnull', False), ('state', 'live')), models.Q(models.Q(('state', 'live'), _negated=True), ('live_since__isnull', True)), _connector='OR'), name='campaign_is_live_since_a_time'),
        ),
        migrations.AddIndex(
            model_name='moment',
            index=models.Index(fields=['workspace_id', '-opened_at', '-id'], name='moment_newest'),
        ),
        migrations.AddIndex(
            model_name='moment',
            index=models.Index(fields=['campaign', '-opened_at', '-id'], name='moment_of_campaign'),
        ),
        migrations.AddIndex(
            model_name='moment',
            index=models.Index(fields=['person_id', '-opened_at'], name='moment_of_person'),
        ),
        migrations.AddIndex(
            model_name='moment',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['person_id'], name='moment_open'),
        ),
        migrations.AddIndex(
            model_name='moment',
            index=models.Index(condition=models.Q(('state', campaigns.engine.states.MomentState['WAITING'])), fields=['due_at'], name='moment_due'),
        ),
        migrations.AddIndex(
            model_name='moment',
            index=models.Index(condition=models.Q(('passed_at__isnull', False)), fields=['person_id', 'campaign'], name='moment_passed'),
        ),
        migrations.AddConstraint(
            model_name='moment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'pushing', 'sent', 'skipped', 'cancelled', 'expired', 'failed', 'error'])), name='moment_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='moment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', campaigns.engine.states.MomentState['WAITING']), _negated=True), ('due_at__isnull', False), _connector='OR'), name='moment_waits_for_a_time'),
        ),
        migrations.AddConstraint(
            model_name='moment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['waiting', 'pushing'])), models.Q(('ended_at__isnull', False), ('state__in', ['sent', 'skipped', 'cancelled', 'expired', 'failed', 'error'])), _connector='OR'), name='moment_ends_once_with_a_time'),
        ),
        migrations.AddConstraint(
            model_name='programversion',
            constraint=models.UniqueConstraint(fields=('workspace', 'number'), name='program_version_is_unique'),
        ),
        migrations.AddIndex(
            model_name='push',
            index=models.Index(condition=models.Q(('state', campaigns.engine.states.PushState['PENDING'])), fields=['campaign', 'bulk', 'due_at'], name='push_waiting'),
        ),
        migrations.AddIndex(
            model_name='push',
            index=models.Index(condition=models.Q(('state', campaigns.engine.states.PushState['PENDING']), ('settled_at__isnull', True)), fields=['expires_at'], name='push_expiring'),
        ),
        migrations.AddIndex(
            model_name='push',
            index=models.Index(condition=models.Q(('state', campaigns.engine.states.PushState['SENDING'])), fields=['lease_until'], name='push_in_flight'),
        ),
        migrations.AddIndex(
            model_name='push',
            index=models.Index(condition=models.Q(('state', campaigns.engine.states.PushState['PENDING']), ('settled_at__isnull', True)), fields=['device_id'], name='push_of_device_waiting'),
        ),
        migrations.AddConstraint(
            model_name='push',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'sending', 'accepted', 'failed', 'unconfirmed', 'dropped', 'cancelled'])), name='push_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='push',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', campaigns.engine.states.PushState['SENDING']), _negated=True), models.Q(('lease__isnull', False), ('lease_until__isnull', False)), _connector='OR'), name='push_in_flight_has_a_lease'),
        ),
        migrations.RunSQL(
            """
            ALTER TABLE campaigns_push SET (fillfactor = 70,
                autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
            ALTER TABLE campaigns_moment SET (fillfactor = 85);
            """,
            migrations.RunSQL.noop,
        ),
    ]
