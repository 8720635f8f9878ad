"""Keys: write keys for apps, secret keys for servers. Shown once, revoked, never deleted."""

from typing import Any

from django import forms
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextInputWidget

from audience.access import current_workspace, has_role
from audience.admin.base import SetupAdmin
from audience.admin.columns import tagged, when
from audience.admin.confirm import detail_action, question
from audience.models import ApiKey, KeyKind, Role
from audience.services import workspaces

REVOKED = {"In use": "success", "Revoked": "danger"}


class ApiKeyForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label="What kind of key?",
        choices=KeyKind.choices,
        widget=UnfoldAdminRadioSelectWidget,
    )

    class Meta:
        model = ApiKey
        fields = ["name", "kind"]
        widgets = {"name": UnfoldAdminTextInputWidget}


class ApiKeyAdmin(SetupAdmin):
    form = ApiKeyForm
    ordering = ["-id"]
    list_display = ["name", "kind_in_short", "shown", "in_use", "created"]
    actions_detail = ["revoke"]
    created = when("created_at", "Made")
    empty_title = "No keys yet"
    empty_text = "Add a write key and give it to the people who build your app."

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["name", "kind_in_short", "shown", "in_use", "created"] if obj else ["name", "kind"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.get_fields(request, obj) if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return has_role(request, Role.OWNER)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        key: Any = self.get_object(request, str(object_id))
        return [] if key.revoked_at else super().get_actions_detail(request, object_id)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: Any) -> None:
        workspace = current_workspace(request)
        assert workspace is not None  # noqa: S101 - has_role said so
        key, request.new_key = workspaces.add_key(  # type: ignore[attr-defined]
            workspace=workspace,
            kind=KeyKind(obj.kind),
            name=obj.name,
            now=self.admin_site.now(),
        )
        obj.__dict__.update(key.__dict__)

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The one time that a secret key is shown: in the answer itself, kept nowhere."""
        context = self.admin_site.each_context(request) | {
            "title": f"New key “{obj}”",
            "key": obj,
            "value": request.new_key,  # type: ignore[attr-defined]
            "is_secret": obj.kind == KeyKind.SECRET,
            "back": reverse("admin:audience_apikey_changelist"),
        }
        answer = TemplateResponse(request, "admin_pages/new_key.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    @detail_action("Revoke", icon="block", permission="revoke")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key: Any = self.get_object(request, object_id)
        back = reverse("admin:audience_apikey_change", args=[key.pk])
        asked = question(
            self,
            request,
            title=f"Revoke “{key}”?",
            text="Whatever still uses this key can't send anything any more, at once and for "
            "good. What it sent so far stays.",
            button="Revoke this key",
            back=back,
        )
        if asked:
            return asked
        workspaces.revoke_key(key=key, now=self.admin_site.now())
        self.log_change(request, key, "Revoked")
        self.message_user(request, f"“{key}” is revoked.")
        return redirect(back)

    @display(description="Kind")
    def kind_in_short(self, key: ApiKey) -> str:
        return key.get_kind_display().partition(":")[0]

    @display(description="Key")
    def shown(self, key: ApiKey) -> str:
        return key.hint

    @tagged("State", REVOKED)
    def in_use(self, key: ApiKey) -> str:
        return "Revoked" if key.revoked_at else "In use"
