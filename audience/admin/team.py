"""Team: who works in this workspace, and what they may do."""

from typing import Any

from django import forms
from django.contrib.admin import display
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextInputWidget

from audience.access import current_workspace
from audience.admin.base import SetupAdmin
from audience.models import Membership, Role


class RoleForm(forms.ModelForm):
    role = forms.ChoiceField(
        label="May do", choices=Role.choices, widget=UnfoldAdminRadioSelectWidget
    )
    workspace: Any = None

    class Meta:
        model = Membership
        fields = ["role"]


class NewMemberForm(RoleForm):
    """A new member is named, not picked: the staff of other workspaces is nobody's business."""

    username = forms.CharField(
        label="User name",
        max_length=150,
        widget=UnfoldAdminTextInputWidget,
        help_text="The name this person signs in with. An administrator makes the account.",
    )

    def clean_username(self) -> AbstractBaseUser:
        found = get_user_model().objects.filter(
            username=self.cleaned_data["username"], is_active=True, is_staff=True
        )
        user = found.first()
        if user is None:
            raise forms.ValidationError(
                "Nobody signs in with this name. Ask an administrator to make the account first."
            )
        if self.workspace and self.workspace.memberships.filter(user=user).exists():
            raise forms.ValidationError("This person is in the team already.")
        return user


class MembershipAdmin(SetupAdmin):
    form = RoleForm
    ordering = ["id"]
    list_display = ["who", "may_do"]
    list_before_template = "admin_pages/team_above.html"
    empty_title = "Nobody is in this team yet"
    empty_text = "Superusers see every workspace. Add those who should see this one."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs.setdefault("form", RoleForm if obj else NewMemberForm)
        form = super().get_form(request, obj, **kwargs)
        form.workspace = current_workspace(request)
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return ["username", "role"]
        return ["who", "role" if self.has_change_permission(request, obj) else "may_do"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["who", "may_do"]

    def title_of(self, row: Any) -> str:
        return self.who(row)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: Any) -> None:
        if not change:
            workspace = current_workspace(request)
            assert workspace is not None  # noqa: S101 - has_role said so
            obj.workspace, obj.user = workspace, form.cleaned_data["username"]
        obj.save()

    @display(description="Who")
    def who(self, member: Membership) -> str:
        user = member.user
        full_name = user.get_full_name()
        return f"{full_name} ({user.get_username()})" if full_name else user.get_username()

    @display(description="May do")
    def may_do(self, member: Membership) -> str:
        return member.get_role_display()
