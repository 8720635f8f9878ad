from django.conf import settings
from django.db import models

from audience.models.workspace import Workspace


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer: sees everything, changes nothing"
    EDITOR = "editor", "Editor: writes campaigns"
    APPROVER = "approver", "Approver: publishes and pauses campaigns"
    OWNER = "owner", "Owner: also keys, team and settings"


class Membership(models.Model):
    """The role of one staff member in one workspace; superusers need none."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        verbose_name = "team member"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_is_unique"),
            models.CheckConstraint(
                name="membership_role_is_known", condition=models.Q(role__in=Role.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display().partition(':')[0]}"
