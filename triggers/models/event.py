from django.db import models

from audience.models import Source


class Event(models.Model):
    """Something that happened to a person; never edited.

    The table is partitioned by month of `received_at` and has no foreign keys, so that a month
    can be dropped as a whole. In the database the primary key is (received_at, id).
    """

    id = models.BigIntegerField(primary_key=True)
    workspace_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    device_id = models.BigIntegerField(null=True)
    key_id = models.BigIntegerField(null=True)
    message_id = models.CharField(max_length=200)
    type = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    properties = models.JSONField(default=dict)
    context = models.JSONField(default=dict)
    source = models.CharField(max_length=8, choices=Source.choices)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    sequence = models.BigIntegerField()
    program_version = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-received_at", "-id"], name="event_newest"),
            models.Index(fields=["person_id", "name", "-occurred_at"], name="event_of_person"),
        ]

    def __str__(self) -> str:
        return self.name


class SeenMessage(models.Model):
    """Which messages are already in the log; outlives the log by a week.

    `digest` is a hash of workspace and message id.
    """

    digest = models.BinaryField(max_length=16, primary_key=True)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="seen_message_age")]

    def __str__(self) -> str:
        return bytes(self.digest).hex()


class Joined(models.Model):
    """Who did an event with which value of a property: for business events that ask for them.

    Kept for the pairs of event and property that live campaigns name. `digest` is a hash of
    workspace, event, property and value.
    """

    pk = models.CompositePrimaryKey("digest", "person_id")
    digest = models.BinaryField(max_length=16)
    person_id = models.BigIntegerField()
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["occurred_at"], name="joined_age")]

    def __str__(self) -> str:
        return bytes(self.digest).hex()
