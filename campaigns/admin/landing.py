"""Where on the page a problem belongs that services name by its path in the definition."""

import re

from campaigns.admin.forms import CampaignForm
from campaigns.admin.kinds import BUSINESS, FIELDS

CANCEL = re.compile(r"trigger\.cancel_on\.(\d+)(?:\.(\w+))?(.*)")
# The longer path stands before the shorter one that it begins with.
_FIELD_OF = {
    "trigger.rule": "rule",
    "trigger.source": "source",
    "trigger.wait": "wait",
    "trigger.key": "key",
    "trigger.re_entry.scope": "re_entry_scope",
    "trigger.re_entry": "re_entry",
    "trigger.max_age_s": "max_age",
    "trigger.recurrence": "repeat",
    "trigger.trait": "trait",
    "trigger.days": "date_days",
    "trigger.hours": "date_hours",
    "trigger.at": "date_at",
    "trigger.yearly": "yearly",
    "trigger.audience.property": "audience_property",
    "trigger.audience.equals": "audience_equals",
    "trigger.audience.within_s": "audience_within",
    "trigger.audience": "audience_event",
    "trigger.crossing": "crossing",
    "trigger.tags": "place_tags",
    "trigger.confidence": "confidence",
    "trigger.stay_s": "stay_for",
    "trigger.visit_s": "visit_for",
    "trigger.open_for_s": "open_minutes",
    "trigger.place_cooldown_s": "place_cooldown",
    "trigger.tag_cooldown_s": "tag_cooldown",
    "trigger.quiet_hours": "quiet_hours",
    "trigger.max_people": "max_people",
    "trigger.max_per_hour": "max_per_hour",
    "trigger.campaign": "other_campaign",
    "trigger.did": "did",
    "trigger.within_s": "did_within",
    "trigger.": "kind",
    "useful_for_s": "useful_for",
}
_WAIT_PARTS = {"elapsed": "wait_number", "wall_clock": "wait_day"}
_RE_ENTRY_PARTS = {"every": "re_entry_number"}


def field_of(path: str, form: CampaignForm) -> str | None:
    """The field that people can see, for what is wrong at a path of the definition."""
    if path.startswith("trigger.event"):
        return "business_event" if form.chosen == BUSINESS else "event"
    field = next((name for start, name in _FIELD_OF.items() if path.startswith(start)), None)
    parts = {"wait": _WAIT_PARTS, "re_entry": _RE_ENTRY_PARTS}.get(field or "", {})
    return parts.get(str(form[field].value()), field) if field and parts else field


def says_so_itself(field: str | None, form: CampaignForm) -> bool:
    """Whether a schedule is incomplete and has its own words for that."""
    return field == "repeat" and form.are_wrong(FIELDS["schedule"])
