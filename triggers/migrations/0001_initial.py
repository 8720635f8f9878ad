import audience.models.workspace
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audience', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Counted',
            fields=[
                ('workspace', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='audience.workspace')),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('workspace_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('device_id', models.BigIntegerField(null=True)),
                ('key_id', models.BigIntegerField(null=True)),
                ('message_id', models.CharField(max_length=200)),
                ('type', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('properties', models.JSONField(default=dict)),
                ('context', models.JSONField(default=dict)),
                ('source', models.CharField(choices=[('public', 'write key alone'), ('verified', 'write key and signed user token'), ('server', 'secret key')], max_length=8)),
                ('occurred_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField()),
                ('sequence', models.BigIntegerField()),
                ('program_version', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['workspace_id', '-received_at', '-id'], name='event_newest'), models.Index(fields=['person_id', 'name', '-occurred_at'], name='event_of_person')],
            },
        ),
        migrations.CreateModel(
            name='Joined',
            fields=[
                ('pk', models.CompositePrimaryKey('digest', 'person_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('digest', models.BinaryField(max_length=16)),
                ('person_id', models.BigIntegerField()),
                ('occurred_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['occurred_at'], name='joined_age')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'device_id', 'place_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('device_id', models.BigIntegerField()),
                ('place_id', models.BigIntegerField()),
                ('level', models.SmallIntegerField()),
                ('near_since', models.DateTimeField()),
                ('entered_at', models.DateTimeField(null=True)),
                ('outside_since', models.DateTimeField(null=True)),
                ('dwelled', models.BooleanField(default=False)),
                ('source', models.CharField(max_length=8)),
                ('seen_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='presence_due'), models.Index(fields=['seen_at'], name='presence_age'), models.Index(fields=['place_id'], name='presence_of_place')],
            },
        ),
        migrations.CreateModel(
            name='SeenMessage',
            fields=[
                ('digest', models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['received_at'], name='seen_message_age')],
            },
        ),
        migrations.CreateModel(
            name='Track',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'device_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('device_id', models.BigIntegerField()),
                ('fixed_at', models.DateTimeField()),
                ('cell_latitude', models.SmallIntegerField(help_text='hundredths of a degree')),
                ('cell_longitude', models.SmallIntegerField(help_text='hundredths of a degree')),
            ],
            options={
                'indexes': [models.Index(fields=['fixed_at'], name='track_age')],
            },
        ),
        migrations.CreateModel(
            name='EventCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=200)),
                ('day', models.DateField()),
                ('events', models.BigIntegerField(default=0)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'name', 'day'), name='event_count_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='EventName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('properties', models.JSONField(default=dict)),
                ('paths_left_out', models.BigIntegerField(default=0)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='event_names', to='audience.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'name'), name='event_name_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='Fix',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField()),
                ('device_id', models.BigIntegerField()),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('accuracy_m', models.FloatField(null=True)),
                ('occurred_at', models.DateTimeField()),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.workspace')),
            ],
            options={
                'verbose_name_plural': 'fixes',
                'indexes': [models.Index(fields=['workspace', 'occurred_at'], name='fix_age'), models.Index(fields=['person_id', 'occurred_at'], name='fix_of_person')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(help_text='Your own number or name of it, such as “store-12”.', max_length=200)),
                ('name', models.CharField(max_length=200)),
                ('latitude', models.FloatField(validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)])),
                ('longitude', models.FloatField(validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)])),
                ('radius_m', models.FloatField(default=150, validators=[django.core.validators.MinValueValidator(50), django.core.validators.MaxValueValidator(50000)], verbose_name='radius in metres')),
                ('area', models.JSONField(blank=True, null=True)),
                ('approach_m', models.FloatField(default=500, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(50000)], verbose_name='counts as near from, in metres outside')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), blank=True, default=list, size=None)),
                ('attributes', models.JSONField(blank=True, default=dict)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('phone', models.CharField(blank=True, max_length=50)),
                ('time_zone', models.CharField(blank=True, max_length=64, validators=[audience.models.workspace.known_zone])),
                ('hours', models.JSONField(blank=True, null=True)),
                ('opens_on', models.DateField(blank=True, null=True)),
                ('closes_on', models.DateField(blank=True, null=True)),
                ('version', models.BigIntegerField(editable=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('removed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='audience.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'version'], name='place_version'), models.Index(condition=models.Q(('removed_at__isnull', True)), fields=['workspace', 'name', 'id'], name='place_by_name')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'external_id'), name='place_external_id_is_unique'), models.CheckConstraint(condition=models.Q(('latitude__gte', -90), ('latitude__lte', 90), ('longitude__gte', -180), ('longitude__lte', 180)), name='place_is_on_earth')],
            },
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='Short name in files and rules, such as “loyal”. It cannot change later.', max_length=63, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9-]{0,62}\\Z', 'Use small letters, digits and dashes.')])),
                ('name', models.CharField(max_length=200)),
                ('rule', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(editable=False)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='segments', to='audience.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'key'), name='segment_key_is_unique')],
            },
        ),
        migrations.RunSQL(
            """
            -- The log by month of received_at: a month is dropped as a whole, never deleted.
            CREATE TABLE triggers_event_log (LIKE triggers_event) PARTITION BY RANGE (received_at);
            DROP TABLE triggers_event;
            ALTER TABLE triggers_event_log RENAME TO triggers_event;
            ALTER TABLE triggers_event ADD CONSTRAINT triggers_event_pkey
                PRIMARY KEY (received_at, id);
            CREATE TABLE triggers_event_default PARTITION OF triggers_event DEFAULT;
            DO $$ DECLARE month timestamptz := date_trunc('month', now() AT TIME ZONE 'UTC')
                                               AT TIME ZONE 'UTC';
            BEGIN FOR i IN 0..2 LOOP
                EXECUTE format(
                    'CREATE TABLE triggers_event_%s PARTITION OF triggers_event '
                    'FOR VALUES FROM (%L) TO (%L)',
                    to_char(month AT TIME ZONE 'UTC', 'YYYY_MM'), month,
                    (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
                month := (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
            END LOOP; END $$;
            """,
            migrations.RunSQL.noop,
        ),
    ]
