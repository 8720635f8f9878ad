from django.urls import path, re_path

from orchestrator.api import views
from orchestrator.api.business import BusinessEventDoor
from orchestrator.api.devices import DeviceDoor
from orchestrator.api.nearby import NearbyDoor
from orchestrator.api.places import PlacesDoor
from orchestrator.api.trigger import TriggerDoor

DOORS = {
    views.Ingest: ("batch", "b"),
    views.Import: ("import",),
    views.Track: ("track", "t"),
    views.Identify: ("identify", "i"),
    views.Screen: ("screen", "s"),
    views.Page: ("page", "p"),
    views.Group: ("group", "g"),
    views.Alias: ("alias", "a"),
}

urlpatterns = [
    *(path(names[0], view.as_view()) for view, names in DOORS.items()),
    *(path(name, view.as_view(schema=None)) for view, names in DOORS.items() for name in names[1:]),
    path("projects/<str:write_key>/settings", views.SdkSettings.as_view()),
    path("devices/<str:installation_id>", DeviceDoor.as_view()),
    path("business-events", BusinessEventDoor.as_view()),
    path("campaigns/<str:campaign_key>/trigger", TriggerDoor.as_view()),
    path("places", PlacesDoor.as_view()),
    path("places/nearby", NearbyDoor.as_view()),
    re_path(r"^.*$", views.Nothing.as_view()),
]
