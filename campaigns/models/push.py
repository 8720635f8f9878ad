from django.db import models

from campaigns.engine.states import PushState
from campaigns.models.campaign import Campaign
from campaigns.models.moment import Moment

WAITING = models.Q(state=PushState.PENDING)
# The same rows in words that a claim does not use: an index for others must not tempt it.
NOT_OVER = WAITING & models.Q(settled_at__isnull=True)
IN_FLIGHT = models.Q(state=PushState.SENDING)


class Push(models.Model):
    """One message to one device, from pending to accepted or failed.

    `id` is a hash of (moment, device). `lease` names the claim that may settle it, until
    `lease_until`. `resent` says that an unconfirmed push went out a second time, `bulk` that it
    is one of a broadcast, which others pass, `can_be_cancelled` that an event still may, and
    `told` that the moment heard how it ended.
    """

    id = models.UUIDField(primary_key=True)
    workspace_id = models.BigIntegerField()
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    moment = models.ForeignKey(Moment, on_delete=models.PROTECT, related_name="pushes")
    person_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    state = models.CharField(
        max_length=11, choices=[(state.value, state.value) for state in PushState]
    )
    reason = models.CharField(max_length=40, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    fcm_name = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    resent = models.BooleanField(default=False)
    bulk = models.BooleanField(default=False)
    can_be_cancelled = models.BooleanField(default=False)
    told = models.BooleanField(default=False)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "pushes"
        constraints = [
            models.CheckConstraint(
                name="push_state_is_known",
                condition=models.Q(state__in=[state.value for state in PushState]),
            ),
            models.CheckConstraint(
                name="push_in_flight_has_a_lease",
                condition=~IN_FLIGHT | models.Q(lease__isnull=False, lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "bulk", "due_at"], name="push_waiting", condition=WAITING
            ),
            models.Index(fields=["expires_at"], name="push_expiring", condition=NOT_OVER),
            models.Index(fields=["lease_until"], name="push_in_flight", condition=IN_FLIGHT),
            models.Index(fields=["device_id"], name="push_of_device_waiting", condition=NOT_OVER),
        ]

    def __str__(self) -> str:
        return str(self.id)
