"""The admin pages of this app. Person's page shows campaigns too, so it is the orchestrator's."""

from django.contrib.admin import AdminSite


def registrations(site: AdminSite) -> None:
    """Put this app's pages on the site."""
    from audience.admin.devices import DeviceAdmin
    from audience.admin.keys import ApiKeyAdmin
    from audience.admin.team import MembershipAdmin
    from audience.admin.token_keys import UserTokenKeyAdmin
    from audience.admin.workspace import WorkspaceAdmin
    from audience.models import ApiKey, Device, Membership, UserTokenKey, Workspace

    site.register(Workspace, WorkspaceAdmin)
    site.register(Membership, MembershipAdmin)
    site.register(ApiKey, ApiKeyAdmin)
    site.register(UserTokenKey, UserTokenKeyAdmin)
    site.register(Device, DeviceAdmin)
