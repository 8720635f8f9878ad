from django.contrib.postgres.fields import ArrayField
from django.db import models

from campaigns.engine.states import MomentState, Reason
from campaigns.models.campaign import Campaign, CampaignVersion


def choices(values: type[MomentState] | type[Reason]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in values]


class Moment(models.Model):
    """One time that a campaign's trigger fired for one person.

    `id` is a hash of (campaign, person, key, occurrence), so the same firing is the same row.
    People and events are named by id only: a moment outlives both.
    """

    id = models.UUIDField(primary_key=True)
    workspace_id = models.BigIntegerField()
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="moments", db_index=False
    )
    version = models.ForeignKey(
        CampaignVersion, on_delete=models.PROTECT, related_name="moments", db_index=False
    )
    person_id = models.BigIntegerField()
    event_id = models.BigIntegerField(null=True)
    event_name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, blank=True)
    occurrence = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=choices(MomentState))
    reason = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    trace = models.JSONField(default=dict)
    content = models.JSONField(null=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    sequence = models.BigIntegerField()
    # How many campaigns led to this one, each started by a message of the one before.
    chain = models.SmallIntegerField(default=0)
    # Of the place that it is about: two with one of them in common may come too soon.
    tags = ArrayField(models.CharField(max_length=63), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="moment_state_is_known",
                condition=models.Q(state__in=[state.value for state in MomentState]),
            ),
            models.CheckConstraint(
                name="moment_waits_for_a_time",
                condition=~models.Q(state=MomentState.WAITING) | models.Q(due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="moment_ends_once_with_a_time",
                condition=models.Q(
                    state__in=[state.value for state in MomentState if not state.is_end],
                    ended_at__isnull=True,
                )
                | models.Q(
                    state__in=[state.value for state in MomentState if state.is_end],
                    ended_at__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "-opened_at", "-id"], name="moment_newest"),
            models.Index(fields=["campaign", "-opened_at", "-id"], name="moment_of_campaign"),
            models.Index(fields=["person_id", "-opened_at"], name="moment_of_person"),
            models.Index(
                fields=["person_id"],
                name="moment_open",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=["due_at"],
                name="moment_due",
                condition=models.Q(state=MomentState.WAITING),
            ),
            models.Index(
                fields=["person_id", "campaign"],
                name="moment_passed",
                condition=models.Q(passed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
