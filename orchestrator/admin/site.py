"""The one admin site: its pages, its header, and who may come in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.sites import UnfoldAdminSite

from audience.access import SESSION_KEY, current_workspace, workspaces_of
from orchestrator import clock
from orchestrator.admin import debugger, home
from orchestrator.admin.navigation import here
from orchestrator.admin.register import register
from orchestrator.admin.zone import zone_of

View = Callable[..., HttpResponse]
MAX_IN_SWITCHER = 100
FOR_EVERYONE = {"logout", "password_change", "password_change_done", "jsi18n"}


class Site(UnfoldAdminSite):
    """Every model page is registered in register.py; `now()` is the clock for pages below us."""

    site_title = "Moments"
    index_title = "Home"
    empty_value_display = "–"

    def now(self) -> datetime:
        return clock.now()

    def extra_urls(self) -> list[URLPattern]:
        return [
            path("workspace/", self.admin_view(self.switch_workspace), name="switch_workspace"),
            path("event-debugger/", self.admin_view(self.debugger), name="event_debugger"),
            path("event-debugger/rows/", self.admin_view(self.debugger_rows), name="debugger_rows"),
        ]

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002
        """Times are the workspace's; staff without any see whom to ask, whatever they open."""

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                return view(request, *args, **kwargs)
            with timezone.override(zone_of(current_workspace(request))):
                shown = self.no_workspace if homeless(request) else view
                return rendered(shown(request, *args, **kwargs))

        inner.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
        return super().admin_view(inner, cacheable)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who opens the sign-in page by itself goes Home afterwards."""
        if request.method == "GET" and "next" not in request.GET:
            return redirect(f"{request.path}?next={reverse('admin:index')}")
        return super().login(request, extra_context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        mine = workspaces_of(request)
        return context | {
            "here": here(context["sidebar_navigation"]),
            "workspace": current_workspace(request),
            "workspaces": list(mine[:MAX_IN_SWITCHER]),
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        glance = home.glance(workspace=current_workspace(request), now=self.now())
        return self.page(request, "home", title="Home", **glance)

    def app_index(self, request: HttpRequest, app_label: str, *_: Any) -> HttpResponse:
        """The code's packages are nothing to a campaign manager."""
        return redirect("admin:index")

    def search(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """The theme's own search is not shown, and knows no workspaces."""
        raise Http404

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """No field asks it, and Django's own fails on what a stranger may type."""
        raise Http404

    def debugger(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, "event_debugger", **debugger.shown(request))

    def debugger_rows(self, request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, "admin_pages/debugger_rows.html", debugger.shown(request))

    def no_workspace(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        return self.page(request, "no_workspace", title="Welcome")

    def page(self, request: HttpRequest, name: str, **values: Any) -> TemplateResponse:
        """A page of our own in the admin's frame."""
        context = self.each_context(request) | values
        return TemplateResponse(request, f"admin_pages/{name}.html", context)

    def switch_workspace(self, request: HttpRequest) -> HttpResponse:
        return require_POST(switch)(request)


def switch(request: HttpRequest) -> HttpResponse:
    """Work in another workspace; what is open in this one would not be found there."""
    wanted = request.POST.get("workspace", "")
    chosen = workspaces_of(request).filter(pk=wanted if wanted.isdecimal() else 0).first()
    if chosen is None:
        return HttpResponse("No such workspace", status=404, content_type="text/plain")
    request.session[SESSION_KEY] = chosen.pk
    return redirect("admin:index")


def rendered(answer: HttpResponse) -> HttpResponse:
    """A template writes its times when it is rendered: now, while the zone holds."""
    if isinstance(answer, SimpleTemplateResponse):
        answer.render()
    return answer


def homeless(request: HttpRequest) -> bool:
    match = request.resolver_match
    if request.user.is_superuser or (match and match.url_name in FOR_EVERYONE):
        return False
    return current_workspace(request) is None


site = register(Site(name="admin"))
