"""What the flow itself needs: the inbox that is the queue, its lanes, and what did not get in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

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
    because a slow transaction may still commit a smaller id.
    """

    lane = models.SmallIntegerField(primary_key=True)
    attempt = ArrayField(models.BigIntegerField(), default=list)
    fresh_low_id = models.BigIntegerField(default=0)
    bulk_low_id = models.BigIntegerField(default=0)
    fresh_mark_id = models.BigIntegerField(default=0)
    bulk_mark_id = models.BigIntegerField(default=0)
    marked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.lane)


class Quarantine(models.Model):
    """A message that could not be evaluated three times on its own; it can be replayed."""

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
