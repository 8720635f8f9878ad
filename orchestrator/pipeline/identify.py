"""identify and alias: what a message changes of the person who sent it."""

from dataclasses import replace

from audience.services.people import PersonRow
from audience.traits import overlaid
from orchestrator.pipeline.message import InboxMessage


def identified(row: PersonRow, message: InboxMessage) -> PersonRow:
    """The person with the traits of an identify call."""
    traits, sources = overlaid(row.traits, row.trait_sources, message.traits, message.source)
    return replace(row, traits=traits, trait_sources=sources)


def seen(row: PersonRow, message: InboxMessage) -> PersonRow:
    """The person after any message: language and time zone are those of the newest one."""
    locale = message.locale or row.locale
    time_zone = message.time_zone or row.time_zone
    if (locale, time_zone) == (row.locale, row.time_zone):
        return row
    return replace(row, locale=locale, time_zone=time_zone)
