"""Which staff may see and do what: roles per workspace, and the workspace being worked in."""

from django.db.models import QuerySet
from django.http import HttpRequest

from audience.models import Membership, Role, Workspace

SESSION_KEY = "workspace_id"
RANKS = {role: rank for rank, role in enumerate(Role)}


def workspaces_of(request: HttpRequest) -> QuerySet[Workspace]:
    """The workspaces a staff member may see; all of them for a superuser."""
    user = request.user
    if not user.is_active or not user.is_staff:
        return Workspace.objects.none()
    if user.is_superuser:
        return Workspace.objects.order_by("name")
    return Workspace.objects.filter(memberships__user_id=user.pk).order_by("name")


def current_workspace(request: HttpRequest) -> Workspace | None:
    """The one chosen in the header, else the first by name; None for staff without any."""
    if not hasattr(request, "_workspace"):
        mine = workspaces_of(request)
        chosen = mine.filter(pk=request.session.get(SESSION_KEY) or 0).first()
        request._workspace = chosen or mine.first()  # type: ignore[attr-defined]
    return request._workspace  # type: ignore[attr-defined]


def has_role(request: HttpRequest, least: Role) -> bool:
    """Whether the staff member has at least this role in the current workspace."""
    if not hasattr(request, "_role"):
        request._role = _role(request)  # type: ignore[attr-defined]
    role: Role | None = request._role  # type: ignore[attr-defined]
    return role is not None and RANKS[role] >= RANKS[least]


def _role(request: HttpRequest) -> Role | None:
    workspace = current_workspace(request)
    if workspace is None:
        return None
    if request.user.is_superuser:
        return Role.OWNER
    membership = Membership.objects.filter(
        workspace=workspace, user_id=request.user.pk or 0
    ).first()
    return Role(membership.role) if membership else None
