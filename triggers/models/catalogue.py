from django.db import models

from audience.models import Workspace


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
