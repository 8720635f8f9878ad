"""Who: workspaces and their keys, staff, people and their devices."""

from audience.models.consent import LOCATION, Consent
from audience.models.device import AddressKind, Device, Permission, Platform
from audience.models.person import Identity, IdentityKind, Person, Source
from audience.models.staff import Membership, Role
from audience.models.workspace import (
    ApiKey,
    KeyKind,
    LocationConsent,
    Mode,
    UserTokenKey,
    Workspace,
)

__all__ = [
    "LOCATION",
    "AddressKind",
    "ApiKey",
    "Consent",
    "Device",
    "Identity",
    "IdentityKind",
    "KeyKind",
    "LocationConsent",
    "Membership",
    "Mode",
    "Permission",
    "Person",
    "Platform",
    "Role",
    "Source",
    "UserTokenKey",
    "Workspace",
]
