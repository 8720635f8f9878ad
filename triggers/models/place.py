"""Where: places, and which of them a phone is inside of."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from audience.models import Workspace
from audience.models.workspace import known_zone

MIN_RADIUS_M, MAX_RADIUS_M = 50, 50_000
DEFAULT_RADIUS_M, DEFAULT_APPROACH_M = 150, 500
HERE = models.Q(removed_at__isnull=True)


class Place(models.Model):
    """A store or venue. Its fence is the circle around its point, or `area` where there is one.

    `area` is a GeoJSON Polygon or MultiPolygon, [longitude, latitude], and `radius_m` then that of
    a circle as large. `approach_m` is the width of the ring outside the fence that counts as
    near. `hours` is a document of triggers.places.hours, None where it never closes. `version`
    is the workspace's places_version at its last change: indexes in memory catch up by it, so a
    removed place stays as a row.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="places")
    external_id = models.CharField(
        max_length=200, help_text="Your own number or name of it, such as “store-12”."
    )
    name = models.CharField(max_length=200)
    latitude = models.FloatField(validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(validators=[MinValueValidator(-180), MaxValueValidator(180)])
    radius_m = models.FloatField(
        "radius in metres",
        default=DEFAULT_RADIUS_M,
        validators=[MinValueValidator(MIN_RADIUS_M), MaxValueValidator(MAX_RADIUS_M)],
    )
    area = models.JSONField(null=True, blank=True)
    approach_m = models.FloatField(
        "counts as near from, in metres outside",
        default=DEFAULT_APPROACH_M,
        validators=[MinValueValidator(0), MaxValueValidator(MAX_RADIUS_M)],
    )
    tags = ArrayField(models.CharField(max_length=63), default=list, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, validators=[known_zone])
    hours = models.JSONField(null=True, blank=True)
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    version = models.BigIntegerField(editable=False)
    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "external_id"], name="place_external_id_is_unique"
            ),
            models.CheckConstraint(
                name="place_is_on_earth",
                condition=models.Q(
                    latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "version"], name="place_version"),
            models.Index(fields=["workspace", "name", "id"], name="place_by_name", condition=HERE),
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """A phone near or inside a place; no row where it is neither. See triggers.places.presence.

    `device_id` is 0 where fixes name no device. `due_at` is when time alone changes it.
    """

    pk = models.CompositePrimaryKey("person_id", "device_id", "place_id")
    workspace_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    place_id = models.BigIntegerField()
    level = models.SmallIntegerField()
    near_since = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    outside_since = models.DateTimeField(null=True)
    dwelled = models.BooleanField(default=False)
    source = models.CharField(max_length=8)
    seen_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="presence_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(fields=["seen_at"], name="presence_age"),
            models.Index(fields=["place_id"], name="presence_of_place"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.place_id}"


class Track(models.Model):
    """Where a phone was last, and no finer than a cell of 0.01 degrees."""

    pk = models.CompositePrimaryKey("person_id", "device_id")
    workspace_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    fixed_at = models.DateTimeField()
    cell_latitude = models.SmallIntegerField(help_text="hundredths of a degree")
    cell_longitude = models.SmallIntegerField(help_text="hundredths of a degree")

    class Meta:
        indexes = [models.Index(fields=["fixed_at"], name="track_age")]

    def __str__(self) -> str:
        return f"{self.cell_latitude / 100}, {self.cell_longitude / 100}"


class Fix(models.Model):
    """A position as it came. Kept only where the workspace says so, for as many days."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person_id = models.BigIntegerField()
    device_id = models.BigIntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    accuracy_m = models.FloatField(null=True)
    occurred_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "fixes"
        indexes = [
            models.Index(fields=["workspace", "occurred_at"], name="fix_age"),
            models.Index(fields=["person_id", "occurred_at"], name="fix_of_person"),
        ]

    def __str__(self) -> str:
        return self.occurred_at.isoformat()
