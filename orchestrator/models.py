"""What the flow itself needs: the inbox that is the queue, its lanes, and what did not get in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from audience.models import Workspace

LANES = 16


class Inbox(models.Model):
    """One accepted message that waits to be evaluated; the row dies when it is.

    `body` is the message as msgspec wrote it. `fresh` is false for imports and for messages
    that happened long ago. `failures` counts attempts at this row alone.
    """

    workspace_id = models.BigIntegerField()
    lane = models.SmallIntegerField()
    fresh = models.BooleanField()
    body = models.BinaryField()
    received_at = models.DateTimeField()
    failures = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["lane", "fresh", "id"], name="inbox_lane")]

    def __str__(self) -> str:
        return str(self.pk)


class Lane(models.Model):
    """One of the 16 queues. A held lane is an advisory lock; the row keeps what must outlive it.

    `attempt` is the ids being worked on. No row of the class stands below its low id, so that a
    claim does not wade through dead rows; a mark becomes the low id when it is a minute old,
    because a slow transaction may still commit a smaller id. `fresh_at` is when fresh rows were
    claimed last: what is bulk rests between its pieces while they come.
    """

    lane = models.SmallIntegerField(primary_key=True)
    attempt = ArrayField(models.BigIntegerField(), default=list)
    fresh_low_id = models.BigIntegerField(default=0)
    bulk_low_id = models.BigIntegerField(default=0)
    fresh_mark_id = models.BigIntegerField(default=0)
    bulk_mark_id = models.BigIntegerField(default=0)
    marked_at = models.DateTimeField(null=True)
    fresh_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.lane)


class Quarantine(models.Model):
    """A message that could not be evaluated three times on its own; it can be tried again."""

    workspace_id = models.BigIntegerField()
    lane = models.SmallIntegerField()
    body = models.BinaryField()
    error = models.TextField()
    received_at = models.DateTimeField()
    quarantined_at = models.DateTimeField()

    class Meta:
        verbose_name = "message set aside"
        verbose_name_plural = "messages set aside"
        indexes = [models.Index(fields=["workspace_id", "-id"], name="quarantine_newest")]

    def __str__(self) -> str:
        return str(self.pk)


class Rejection(models.Model):
    """A message that a door refused, kept for the developer who looks in the event debugger."""

    workspace_id = models.BigIntegerField()
    key_id = models.BigIntegerField(null=True)
    message_id = models.CharField(max_length=200, blank=True)
    type = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=300)
    fix = models.CharField(max_length=300)
    held_for_s = models.FloatField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-id"], name="rejection_newest"),
            models.Index(fields=["received_at"], name="rejection_age"),
        ]

    def __str__(self) -> str:
        return self.code


class ExpansionState(models.TextChoices):
    RUNNING = "running", "Going through the people"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


class Expansion(models.Model):
    """One occurrence of a schedule, date or business event, on its way through the people.

    `occurrence` names it within the campaign and `part` a piece of it, such as the time zones
    that share an instant. `cursor` is the last person looked at and `skipped` are people whom
    somebody else held, to come back to. `event` is the happening each person gets.
    """

    workspace_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField()
    occurrence = models.CharField(max_length=200)
    part = models.CharField(max_length=40, blank=True)
    state = models.CharField(
        max_length=7, choices=ExpansionState.choices, default=ExpansionState.RUNNING
    )
    reason = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    event = models.JSONField(default=dict)
    cursor = models.BigIntegerField(default=0)
    skipped = ArrayField(models.BigIntegerField(), default=list)
    people = models.BigIntegerField(default=0)
    moments = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    worked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_id", "occurrence", "part"], name="expansion_is_unique"
            ),
            models.CheckConstraint(
                name="expansion_state_is_known",
                condition=models.Q(state__in=ExpansionState.values),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="expansion_running",
                condition=models.Q(state=ExpansionState.RUNNING),
            ),
            models.Index(fields=["campaign_id", "-due_at"], name="expansion_of_campaign"),
            models.Index(fields=["ended_at"], name="expansion_age"),
        ]

    def __str__(self) -> str:
        return self.occurrence


class IdempotencyKey(models.Model):
    """The answer given to a request, so that the same request gets the same answer for 24 h.

    `fingerprint` is a hash of the request. The row is written with what the request did: while
    that is still being worked on there is none, but an advisory lock (orchestrator.api.answers).
    """

    workspace_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=16)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "key"], name="idempotency_key_is_unique"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return self.key


class BusinessEventTimes(models.Model):
    """When a workspace reported business events: the last hour's, for the limit of an hour."""

    workspace = models.OneToOneField(
        Workspace, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    times = ArrayField(models.DateTimeField(), default=list)

    def __str__(self) -> str:
        return str(self.pk)


class Upload(models.Model):
    """A file of people who did an event, shown before it counts; its rows go when it did."""

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    event = models.CharField(max_length=200)
    rows = models.BinaryField()
    good = models.IntegerField()
    bad = models.IntegerField()
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="upload_age")]

    def __str__(self) -> str:
        return self.name


class ImportState(models.TextChoices):
    """Where an import of places is: a task reads and writes, a manager looks in between."""

    READING = "reading"
    READ = "read"
    WRITING = "writing"
    DONE = "done"


class PlaceImport(models.Model):
    """A file of places: read in the background, shown, and written once a manager says so.

    `source` is the file, compressed, and `choices` what its columns mean; `revision` is raised
    when they change, so that a task that read with older ones is not believed. `found` is what
    reading found. `chunks` are the good places, packed, of which `chunk` is the next to write;
    `ids` are all external ids of the file, and `left_out` is the list of its wrong rows. They
    all go, but the list, when the import is done. `done` counts rows of the step at hand.
    """

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ImportState)
    source = models.BinaryField()
    choices = models.JSONField()
    revision = models.IntegerField(default=0)
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    found = models.JSONField(default=dict)
    chunks = ArrayField(models.BinaryField(), default=list)
    chunk = models.IntegerField(default=0)
    ids = models.BinaryField(default=bytes)
    left_out = models.BinaryField(default=bytes)
    created = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    removed = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="placeimport_age"),
            models.Index(
                fields=["id"],
                name="placeimport_waiting",
                condition=models.Q(state__in=("reading", "writing")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
