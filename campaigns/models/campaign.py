from django.conf import settings
from django.db import models

from audience.models import Workspace
from audience.models.workspace import SLUG


class Intent(models.TextChoices):
    KNOW = "know", "To know"
    GO = "go", "To go"
    DO = "do", "To do"
    BUY = "buy", "To buy"


class CampaignState(models.TextChoices):
    DRAFT = "draft", "Draft"
    LIVE = "live", "Live"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class Campaign(models.Model):
    """What to say to whom and when. `draft` is a campaigns.definition document being edited."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="campaigns")
    key = models.CharField(max_length=63, validators=[SLUG])
    name = models.CharField(max_length=200)
    intent = models.CharField(max_length=4, choices=Intent.choices, default=Intent.KNOW)
    state = models.CharField(
        max_length=6, choices=CampaignState.choices, default=CampaignState.DRAFT, editable=False
    )
    draft = models.JSONField(default=dict)
    live_version = models.ForeignKey(
        "CampaignVersion", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    # Since when it has been live without a break: no occurrence before it counts.
    live_since = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="campaign_key_is_unique"),
            models.CheckConstraint(
                name="campaign_state_is_known", condition=models.Q(state__in=CampaignState.values)
            ),
            models.CheckConstraint(
                name="campaign_is_live_with_a_version",
                condition=~models.Q(state__in=[CampaignState.LIVE, CampaignState.PAUSED])
                | models.Q(live_version__isnull=False),
            ),
            models.CheckConstraint(
                name="campaign_is_live_since_a_time",
                condition=models.Q(state=CampaignState.LIVE, live_since__isnull=False)
                | models.Q(~models.Q(state=CampaignState.LIVE), live_since__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignVersion(models.Model):
    """What was published: never edited, and pinned by the moments it opened.

    `for_waiting` says that moments which waited when it was published follow it too.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    content_hash = models.CharField(max_length=32)
    for_waiting = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"], name="campaign_version_number_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number}"


class ProgramVersion(models.Model):
    """What a workspace's program was at one number: written by whatever raises the number.

    `document` names the live versions and the segments; see campaigns.selectors.program.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    number = models.BigIntegerField()
    document = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "number"], name="program_version_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
