"""Workspaces: made by superusers, looked after by their owners."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminSelect2Widget

from audience.access import SESSION_KEY, has_role, workspaces_of
from audience.admin.base import SetupAdmin
from audience.admin.columns import tagged
from audience.models import LocationConsent, Membership, Mode, Role, Workspace
from audience.services import workspaces

MODES = [
    (
        Mode.OPEN.value,
        "Open: the app says so itself. A stranger who takes the write key out of your app can act "
        "as any customer, and have that customer's messages sent to a phone of his own. Good for "
        "trying things out, and where messages hold nothing private.",
    ),
    (
        Mode.VERIFIED.value,
        "Verified: your server signs who is signed in, and the app sends that signed token along. "
        "A stranger with the write key gets nobody's messages, preferences or data.",
    ),
]


LOCATION_FIELDS = ["location_consent", "keep_fixes_days", "quiet_from", "quiet_until"]
QUIET_HELP = (
    "Near-store messages are not sent then, in the person’s own time. Both times, or neither."
)


@cache
def time_zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(available_timezones()) if name != "localtime"]


class WorkspaceForm(forms.ModelForm):
    mode = forms.ChoiceField(
        label="Who may say who a customer is?",
        choices=MODES,
        widget=UnfoldAdminRadioSelectWidget,
    )
    time_zone = forms.ChoiceField(
        choices=time_zones, initial="UTC", widget=UnfoldAdminSelect2Widget
    )

    location_consent = forms.ChoiceField(
        label="Whose positions may be used?",
        choices=LocationConsent.choices,
        initial=LocationConsent.RECORDED,
        help_text="A position of somebody who did not consent is thrown away unread.",
        widget=UnfoldAdminRadioSelectWidget,
    )

    class Meta:
        model = Workspace
        fields = ["name", "key", "mode", "time_zone", *LOCATION_FIELDS]
        labels = {"quiet_from": "Quiet from", "quiet_until": "Quiet until"}
        help_texts = {"quiet_until": QUIET_HELP}


class WorkspaceAdmin(SetupAdmin):
    """A list of one's own workspaces; a superuser's is all of them."""

    form = WorkspaceForm
    fieldsets = [
        (None, {"fields": ["name", "key", "mode", "time_zone"]}),
        ("Location and quiet hours", {"fields": LOCATION_FIELDS}),
    ]
    list_display = ["name", "key", "mode_in_short", "time_zone"]
    empty_title = "No workspace yet"
    empty_text = "A workspace is one brand: its keys, people and campaigns. Add the first one."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workspace]:
        return workspaces_of(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key"] if obj else []

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser or super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if request.user.is_superuser:
            return True
        if obj is None:
            return has_role(request, Role.OWNER)
        mine = Membership.objects.filter(
            workspace=obj, user_id=request.user.pk or 0, role=Role.OWNER
        )
        return mine.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Workspace, form: Any, change: Any) -> None:
        location = {name: form.cleaned_data[name] for name in LOCATION_FIELDS}
        if not change:
            made = workspaces.create(
                key=obj.key,
                name=obj.name,
                mode=Mode(obj.mode),
                time_zone=obj.time_zone,
                now=self.admin_site.now(),
            )
            obj.pk, obj.created_at = made.pk, made.created_at
            workspaces.change(workspace=made, **location)
            return
        workspaces.change(
            workspace=obj,
            name=obj.name,
            mode=Mode(obj.mode),
            time_zone=obj.time_zone,
            **location,
        )

    def response_add(
        self, request: HttpRequest, obj: Workspace, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on in the new workspace: it needs a key next."""
        request.session[SESSION_KEY] = obj.pk
        self.message_user(request, f"“{obj}” is ready. Next, add a write key for its app.")
        return redirect("admin:audience_apikey_changelist")

    @tagged("Mode", {"Open": "warning", "Verified": "success"})
    def mode_in_short(self, workspace: Workspace) -> str:
        return workspace.get_mode_display().partition(":")[0]
