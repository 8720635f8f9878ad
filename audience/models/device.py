from django.db import models

from audience.models.person import Person, Source
from audience.models.workspace import Workspace


class Platform(models.TextChoices):
    ANDROID = "android", "Android"
    IOS = "ios", "iOS"
    WEB = "web", "Web"
    UNKNOWN = "unknown", "unknown"


class AddressKind(models.TextChoices):
    """FCM takes two kinds of address and must be told which one it gets."""

    TOKEN = "token", "registration token"
    FID = "fid", "Firebase installation id"


class Permission(models.TextChoices):
    GRANTED = "granted", "allowed"
    PROVISIONAL = "provisional", "quietly allowed"
    DENIED = "denied", "not allowed"
    UNKNOWN = "unknown", "unknown"


class Device(models.Model):
    """One app installation; `person` is its owner by the newest claim, nobody after a logout.

    `claimed_at` is the corrected time of the newest claim or logout: an older one never rebinds.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="devices")
    installation_id = models.CharField(max_length=200)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="devices"
    )
    platform = models.CharField(max_length=7, choices=Platform.choices, default=Platform.UNKNOWN)
    address_kind = models.CharField(max_length=5, choices=AddressKind.choices, blank=True)
    address = models.CharField(max_length=4096, blank=True)
    push_permission = models.CharField(
        max_length=11, choices=Permission.choices, default=Permission.UNKNOWN
    )
    facts = models.JSONField(default=dict)
    source = models.CharField(max_length=8, choices=Source.choices)
    claimed_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "installation_id"], name="device_installation_is_unique"
            ),
            models.UniqueConstraint(
                models.F("workspace"),
                models.F("address_kind"),
                models.Func(models.F("address"), function="md5"),
                condition=~models.Q(address=""),
                name="device_address_has_one_owner",
            ),
            models.CheckConstraint(
                name="device_address_has_a_kind",
                condition=models.Q(address="") | ~models.Q(address_kind=""),
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-id"], name="device_newest")]

    def __str__(self) -> str:
        return f"{self.get_platform_display()} {self.installation_id[:12]}"
