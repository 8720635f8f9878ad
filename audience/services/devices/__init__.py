"""Devices: claims by the newest event, logout, retirement."""

from audience.services.devices.claims import DeviceClaim, claim
from audience.services.devices.endings import log_out, retire

__all__ = ["DeviceClaim", "claim", "log_out", "retire"]
