from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models

MAX_FIX_DAYS = 90
SLUG = RegexValidator(r"^[a-z0-9][a-z0-9-]{0,62}\Z", "Use small letters, digits and dashes.")


def known_zone(name: str) -> None:
    """Refuses what is no IANA zone, so that no local time is ever a guess."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError("Choose a time zone such as Europe/Amsterdam.") from error


class Mode(models.TextChoices):
    OPEN = "open", "Open: whoever has the app's write key may say who they are"
    VERIFIED = "verified", "Verified: naming a user needs a token signed by your server"


class LocationConsent(models.TextChoices):
    """Whose word it is that a person lets their position be used."""

    RECORDED = "recorded", "Only of people whose consent the app or your server has sent"
    ASKED = "asked", "Of everybody: the app sends positions only after the person agreed"


class Workspace(models.Model):
    """One brand: its keys, people, campaigns and one Firebase project."""

    key = models.CharField(
        max_length=63,
        unique=True,
        validators=[SLUG],
        help_text="Short name in files and addresses, such as “acme”. It cannot change later.",
    )
    name = models.CharField(max_length=200)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[known_zone])
    # Raised by every publish, pause and resume, so that workers know when to build a new Program.
    program_version = models.BigIntegerField(default=1, editable=False)
    # Raised by every change of a place, so that indexes in memory know what they have missed.
    places_version = models.BigIntegerField(default=1, editable=False)
    location_consent = models.CharField(
        max_length=8,
        choices=LocationConsent.choices,
        default=LocationConsent.RECORDED,
        help_text="A position of somebody who did not consent is thrown away unread.",
    )
    keep_fixes_days = models.PositiveSmallIntegerField(
        "keep positions for, in days",
        default=0,
        validators=[MaxValueValidator(MAX_FIX_DAYS)],
        help_text="0: a position is used and forgotten. More: it is kept so long, then deleted.",
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workspace_mode_is_known", condition=models.Q(mode__in=Mode.values)
            ),
            models.CheckConstraint(
                name="workspace_quiet_hours_have_both_ends",
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                violation_error_message="Quiet hours need a beginning and an end.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KeyKind(models.TextChoices):
    WRITE = "write", "Write key: goes into the app, can only send events"
    SECRET = "secret", "Secret key: stays on your server"


class ApiKey(models.Model):
    """Lets a client in. A write key is public and kept readable; of a secret key only a digest."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=6, choices=KeyKind.choices)
    name = models.CharField(max_length=100, help_text="Where it is used, such as “iOS app”.")
    digest = models.BinaryField(max_length=32, editable=False)
    hint = models.CharField(max_length=80, editable=False)
    created_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "key"
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="key_digest_is_unique"),
            models.CheckConstraint(
                name="key_kind_is_known", condition=models.Q(kind__in=KeyKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserTokenKey(models.Model):
    """The public half of a key with which a brand's server signs user tokens (JWT)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="token_keys")
    key_id = models.CharField(
        max_length=100, help_text="The token's “kid”; may be empty if there is only one key."
    )
    public_pem = models.TextField(
        "public key", help_text="PEM, for ES256, RS256 or EdDSA. The private half stays with you."
    )
    created_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "user token key"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key_id"], name="token_key_id_is_unique"),
        ]

    def __str__(self) -> str:
        return self.key_id
