import audience.models.workspace
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Workspace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='Short name in files and addresses, such as “acme”. It cannot change later.', max_length=63, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9-]{0,62}\\Z', 'Use small letters, digits and dashes.')])),
                ('name', models.CharField(max_length=200)),
                ('mode', models.CharField(choices=[('open', "Open: whoever has the app's write key may say who they are"), ('verified', 'Verified: naming a user needs a token signed by your server')], max_length=10)),
                ('time_zone', models.CharField(default='UTC', max_length=64, validators=[audience.models.workspace.known_zone])),
                ('program_version', models.BigIntegerField(default=1, editable=False)),
                ('places_version', models.BigIntegerField(default=1, editable=False)),
                ('location_consent', models.CharField(choices=[('recorded', 'Only of people whose consent the app or your server has sent'), ('asked', 'Of everybody: the app sends positions only after the person agreed')], default='recorded', help_text='A position of somebody who did not consent is thrown away unread.', max_length=8)),
                ('keep_fixes_days', models.PositiveSmallIntegerField(default=0, help_text='0: a position is used and forgotten. More: it is kept so long, then deleted.', validators=[django.core.validators.MaxValueValidator(90)], verbose_name='keep positions for, in days')),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('mode__in', ['open', 'verified'])), name='workspace_mode_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='workspace_quiet_hours_have_both_ends', violation_error_message='Quiet hours need a beginning and an end.')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('traits', models.JSONField(default=dict)),
                ('trait_sources', models.JSONField(default=dict)),
                ('locale', models.CharField(blank=True, max_length=35)),
                ('time_zone', models.CharField(blank=True, max_length=64)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('sequence', models.BigIntegerField(default=0)),
                ('known_digest', models.BinaryField(default=bytes, max_length=16)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='audience.person')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='audience.workspace')),
            ],
            options={
                'verbose_name_plural': 'people',
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('viewer', 'Viewer: sees everything, changes nothing'), ('editor', 'Editor: writes campaigns'), ('approver', 'Approver: publishes and pauses campaigns'), ('owner', 'Owner: also keys, team and settings')], max_length=10)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='audience.workspace')),
            ],
            options={
                'verbose_name': 'team member',
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('user', 'user id'), ('anonymous', 'anonymous id')], max_length=9)),
                ('value', models.CharField(max_length=200)),
                ('source', models.CharField(choices=[('public', 'write key alone'), ('verified', 'write key and signed user token'), ('server', 'secret key')], max_length=8)),
                ('linked_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='audience.person')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.workspace')),
            ],
            options={
                'verbose_name_plural': 'identities',
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('installation_id', models.CharField(max_length=200)),
                ('platform', models.CharField(choices=[('android', 'Android'), ('ios', 'iOS'), ('web', 'Web'), ('unknown', 'unknown')], default='unknown', max_length=7)),
                ('address_kind', models.CharField(blank=True, choices=[('token', 'registration token'), ('fid', 'Firebase installation id')], max_length=5)),
                ('address', models.CharField(blank=True, max_length=4096)),
                ('push_permission', models.CharField(choices=[('granted', 'allowed'), ('provisional', 'quietly allowed'), ('denied', 'not allowed'), ('unknown', 'unknown')], default='unknown', max_length=11)),
                ('facts', models.JSONField(default=dict)),
                ('source', models.CharField(choices=[('public', 'write key alone'), ('verified', 'write key and signed user token'), ('server', 'secret key')], max_length=8)),
                ('claimed_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('retired_reason', models.CharField(blank=True, max_length=40)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='devices', to='audience.person')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to='audience.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField()),
                ('topic', models.CharField(max_length=63)),
                ('granted', models.BooleanField()),
                ('source', models.CharField(choices=[('public', 'write key alone'), ('verified', 'write key and signed user token'), ('server', 'secret key')], max_length=8)),
                ('text_version', models.CharField(blank=True, max_length=63)),
                ('occurred_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('write', 'Write key: goes into the app, can only send events'), ('secret', 'Secret key: stays on your server')], max_length=6)),
                ('name', models.CharField(help_text='Where it is used, such as “iOS app”.', max_length=100)),
                ('digest', models.BinaryField(max_length=32)),
                ('hint', models.CharField(editable=False, max_length=80)),
                ('created_at', models.DateTimeField(editable=False)),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='audience.workspace')),
            ],
            options={
                'verbose_name': 'key',
            },
        ),
        migrations.CreateModel(
            name='UserTokenKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(help_text="The token's “kid”; may be empty if there is only one key.", max_length=100)),
                ('public_pem', models.TextField(help_text='PEM, for ES256, RS256 or EdDSA. The private half stays with you.', verbose_name='public key')),
                ('created_at', models.DateTimeField(editable=False)),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='token_keys', to='audience.workspace')),
            ],
            options={
                'verbose_name': 'user token key',
                'constraints': [models.UniqueConstraint(fields=('workspace', 'key_id'), name='token_key_id_is_unique')],
            },
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['workspace', '-id'], name='person_newest'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='person_merged'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('workspace', 'user'), name='membership_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['viewer', 'editor', 'approver', 'owner'])), name='membership_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.UniqueConstraint(fields=('workspace', 'kind', 'value'), name='identity_is_unique'),
        ),
        migrations.AddIndex(
            model_name='device',
            index=models.Index(fields=['workspace', '-id'], name='device_newest'),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.UniqueConstraint(fields=('workspace', 'installation_id'), name='device_installation_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.UniqueConstraint(models.F('workspace'), models.F('address_kind'), models.Func(models.F('address'), function='md5'), condition=models.Q(('address', ''), _negated=True), name='device_address_has_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.CheckConstraint(condition=models.Q(('address', ''), models.Q(('address_kind', ''), _negated=True), _connector='OR'), name='device_address_has_a_kind'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['person_id', 'topic', '-occurred_at'], name='consent_of_person'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.UniqueConstraint(fields=('digest',), name='key_digest_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['write', 'secret'])), name='key_kind_is_known'),
        ),
        migrations.RunSQL(
            """
            ALTER TABLE audience_person SET (fillfactor = 80,
                autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
            """,
            migrations.RunSQL.noop,
        ),
    ]
