from django.db import models

from audience.models.person import Source
from audience.models.workspace import Workspace

LOCATION = "location"


class Consent(models.Model):
    """What a person agreed to or refused, each time they said so; never edited.

    Of several people who turned out to be one, the stricter counts.
    """

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person_id = models.BigIntegerField()
    topic = models.CharField(max_length=63)
    granted = models.BooleanField()
    source = models.CharField(max_length=8, choices=Source.choices)
    text_version = models.CharField(max_length=63, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "topic", "-occurred_at"], name="consent_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {'yes' if self.granted else 'no'}"
