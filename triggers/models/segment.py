from django.db import models

from audience.models import Workspace
from audience.models.workspace import SLUG


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
