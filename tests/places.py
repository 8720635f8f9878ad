"""A street in Amsterdam: stores on it, and a phone that walks along it."""

from datetime import UTC, datetime, timedelta

from campaigns.definition import Definition, Message
from campaigns.models import Campaign
from campaigns.services import campaigns
from tests import brand
from triggers.places.given import PlaceInput
from triggers.services.places import put_places
from triggers.trigger import PlaceTrigger

LATITUDE, LONGITUDE = 52.3752, 4.8963
METRES_A_DEGREE = 111_263  # of latitude, about there
NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)  # a Saturday, 12:00 in Amsterdam
UNTIL_NINE = {"weekly": {day: [["09:00", "21:00"]] for day in
                         ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}}  # fmt: skip
NEAR = (
    "You are {{ place.distance_m | distance }} from {{ place.address }}, "
    "open until {{ place.open_until }}"
)


def store(external_id="damrak-12", *, north_m=0, **more):
    settings = {
        "name": "Damrak 12",
        "address": "our store at Damrak 12",
        "time_zone": "Europe/Amsterdam",
        "hours": UNTIL_NINE,
        **more,
    }
    return PlaceInput(
        external_id=external_id,
        latitude=LATITUDE + north_m / METRES_A_DEGREE,
        longitude=LONGITUDE,
        **settings,
    )


def put(workspace, *stores):
    put_places(workspace=workspace, places=stores, now=brand.FOUNDED)


def live(workspace, *, key="near", body=NEAR, useful_for_s=900, now=brand.FOUNDED, **trigger):
    campaign = campaigns.draft(
        workspace=workspace,
        key=key,
        name=key.title(),
        intent="go",
        definition=Definition(
            trigger=PlaceTrigger(**trigger),
            messages={"default": Message(title="Hello", body=body)},
            useful_for_s=useful_for_s,
        ),
        now=now,
    )
    campaigns.publish(campaign=campaign, user_id=None, now=now)
    return Campaign.objects.get(pk=campaign.pk)


def fix(north_m, at, *, user="anna", accuracy=10, consent=None, **more):
    """A "Location Updated" of a phone so many metres north of the store."""
    agreed = {} if consent is None else {"consent": {"categoryPreferences": {"location": consent}}}
    return {
        "type": "track",
        "event": "Location Updated",
        "messageId": f"fix-{user}-{at.isoformat()}",
        "userId": user,
        "timestamp": at.isoformat(),
        "context": {
            "device": {"id": f"phone-of-{user}"},
            "location": {
                "latitude": LATITUDE + north_m / METRES_A_DEGREE,
                "longitude": LONGITUDE,
                "accuracy": accuracy,
                **more,
            },
            **agreed,
        },
    }


def minutes(number):
    return timedelta(minutes=number)
