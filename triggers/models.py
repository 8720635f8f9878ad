from django.db import models

from audience.models import Source, Workspace
from audience.models.workspace import SLUG


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


class EventName(models.Model):
    """The catalogue: each event name a workspace has seen, and what its properties look like.

    `properties` maps a property path to {"kind": ..., "samples": [...]}; `paths_left_out` counts
    the paths that were seen when that was full.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="event_names")
    name = models.CharField(max_length=200)
    properties = models.JSONField(default=dict)
    paths_left_out = models.BigIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="event_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class EventCount(models.Model):
    """How many events of a name came on a day (UTC); "" counts the names left out."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    day = models.DateField()
    events = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name", "day"], name="event_count_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"


class Counted(models.Model):
    """EventCount holds what a workspace received before `until`, and nothing since."""

    workspace = models.OneToOneField(
        Workspace, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.until.isoformat()


class Segment(models.Model):
    """A named rule over people. `rule` is a document of triggers.rules, parsed as "segment"."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="segments")
    key = models.CharField(
        max_length=63,
        validators=[SLUG],
        help_text="Short name in files and rules, such as “loyal”. It cannot change later.",
    )
    name = models.CharField(max_length=200)
    rule = models.JSONField(default=dict)
    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="segment_key_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


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
