from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from orchestrator.admin.site import site

urlpatterns = [
    path("", RedirectView.as_view(url="/phones/" if settings.DEMO else "/admin/")),
    path("phones/", include("orchestrator.simulator.phones.urls")),
    path("v1/", include("orchestrator.api.urls")),
    path("admin/", site.urls),
    path("docs/schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
