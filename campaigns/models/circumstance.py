from django.db import models


class CircumstanceKind(models.TextChoices):
    KNOWN = "known", "what was known of the person"
    DUE = "due", "a wait was over"


class Circumstance(models.Model):
    """What decisions rested on and the event log does not tell: the rest of a replay's input.

    A "known" one has all that was known of the person from then on, a "due" one the moment whose
    wait was over. `sequence` is the same count as that of the person's events.
    """

    workspace_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=5, choices=CircumstanceKind.choices)
    document = models.JSONField()
    decided_at = models.DateTimeField()
    program_version = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "sequence"], name="circumstance_of_person"),
            models.Index(fields=["decided_at"], name="circumstance_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"
