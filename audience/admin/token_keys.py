"""User token keys: the public halves with which signed user tokens are checked."""

from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django import forms
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from audience.access import current_workspace, has_role
from audience.admin.base import SetupAdmin
from audience.admin.columns import tagged, when
from audience.admin.confirm import detail_action, question
from audience.admin.keys import REVOKED
from audience.models import Role, UserTokenKey
from audience.services import workspaces

MIN_RSA_BITS = 2048


def problem_with(pem: str) -> str:
    """Why this is no key we can use, or nothing."""
    if "PRIVATE" in pem:
        return "This is a private key. Keep it on your server and paste the public half."
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        return "This is no public key in PEM. It starts with “-----BEGIN PUBLIC KEY-----”."
    if isinstance(key, RSAPublicKey):
        return "" if key.key_size >= MIN_RSA_BITS else "An RSA key needs at least 2,048 bits."
    if isinstance(key, EllipticCurvePublicKey):
        return "" if isinstance(key.curve, SECP256R1) else "Of EC keys, only P-256 can be used."
    return "" if isinstance(key, Ed25519PublicKey) else "Use a P-256, RSA or Ed25519 key."


class TokenKeyForm(forms.ModelForm):
    class Meta:
        model = UserTokenKey
        fields = ["key_id", "public_pem"]
        widgets = {
            "key_id": UnfoldAdminTextInputWidget,
            "public_pem": UnfoldAdminTextareaWidget(attrs={"rows": 8, "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key_id" in self.fields:
            self.fields["key_id"].required = False

    def clean_public_pem(self) -> str:
        pem: str = self.cleaned_data["public_pem"].strip() + "\n"
        if problem := problem_with(pem):
            raise forms.ValidationError(problem)
        return pem

    def clean_key_id(self) -> str:
        key_id: str = self.cleaned_data["key_id"]
        if self.workspace and self.workspace.token_keys.filter(key_id=key_id).exists():
            raise forms.ValidationError("There is a key with this id already.")
        return key_id

    workspace: Any = None


class UserTokenKeyAdmin(SetupAdmin):
    form = TokenKeyForm
    ordering = ["-id"]
    list_display = ["key_label", "in_use", "created"]
    actions_detail = ["revoke"]
    created = when("created_at", "Made")
    empty_title = "No user token keys yet"
    empty_text = "A verified workspace needs one, to check who your server says is signed in."

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.workspace = current_workspace(request)
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key_label", "public_pem", "in_use", "created"] if obj else ["key_id", "public_pem"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.get_fields(request, obj) if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return has_role(request, Role.OWNER)

    def title_of(self, row: Any) -> str:
        return self.key_label(row)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        key: Any = self.get_object(request, str(object_id))
        return [] if key.revoked_at else super().get_actions_detail(request, object_id)

    def save_model(self, request: HttpRequest, obj: UserTokenKey, form: Any, change: Any) -> None:
        workspace = current_workspace(request)
        assert workspace is not None  # noqa: S101 - has_role said so
        made = workspaces.add_token_key(
            workspace=workspace,
            key_id=obj.key_id,
            public_pem=obj.public_pem,
            now=self.admin_site.now(),
        )
        obj.__dict__.update(made.__dict__)

    @detail_action("Revoke", icon="block", permission="revoke")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key: Any = self.get_object(request, object_id)
        back = reverse("admin:audience_usertokenkey_change", args=[key.pk])
        asked = question(
            self,
            request,
            title="Revoke this user token key?",
            text="User tokens signed with it are refused from now on, and their messages too.",
            button="Revoke this key",
            back=back,
        )
        if asked:
            return asked
        workspaces.revoke_token_key(token_key=key, now=self.admin_site.now())
        self.log_change(request, key, "Revoked")
        self.message_user(request, "The user token key is revoked.")
        return redirect(back)

    @display(description="Key id")
    def key_label(self, key: UserTokenKey) -> str:
        return key.key_id or "(the only key)"

    @tagged("State", REVOKED)
    def in_use(self, key: UserTokenKey) -> str:
        return "Revoked" if key.revoked_at else "In use"
