from django.db import models

from audience.models.workspace import Workspace


class Source(models.TextChoices):
    """How far a fact can be trusted; the order of the members is the order of trust."""

    PUBLIC = "public", "write key alone"
    VERIFIED = "verified", "write key and signed user token"
    SERVER = "server", "secret key"


class Person(models.Model):
    """Someone who uses the app.

    A merge only writes `merged_into`, always the canonical person, never a chain. `sequence`
    counts the happenings decided for this person and is taken under the person's row lock;
    `known_digest` is a hash of what the last of them saw of the person.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="people")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    traits = models.JSONField(default=dict)
    trait_sources = models.JSONField(default=dict)
    locale = models.CharField(max_length=35, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    sequence = models.BigIntegerField(default=0)
    known_digest = models.BinaryField(max_length=16, default=bytes, editable=False)

    class Meta:
        verbose_name_plural = "people"
        indexes = [
            models.Index(fields=["workspace", "-id"], name="person_newest"),
            models.Index(
                fields=["merged_into"],
                name="person_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"


class IdentityKind(models.TextChoices):
    USER = "user", "user id"
    ANONYMOUS = "anonymous", "anonymous id"


class Identity(models.Model):
    """One id under which a person is known."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=IdentityKind.choices)
    value = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    source = models.CharField(max_length=8, choices=Source.choices)
    linked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "value"], name="identity_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.value
