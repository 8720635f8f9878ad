"""The trigger that the page's fields stand for, whichever its kind, in both directions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from campaigns.admin import kinds
from campaigns.admin.cancels import Cancels
from campaigns.admin.dates import date_fields, date_of
from campaigns.admin.forms import CampaignForm
from campaigns.admin.how_often import how_often_fields, key_of, re_entry_of
from campaigns.admin.interactions import NOT_OPENED, interaction_fields, interaction_of
from campaigns.admin.known import Known
from campaigns.admin.places import STAY, place_fields, place_of
from campaigns.admin.schedules import recurrence_of, schedule_fields
from campaigns.admin.server_reports import (
    USUAL_PEOPLE,
    business_fields,
    business_of,
    max_people_of,
)
from campaigns.admin.waiting import wait_fields, wait_of
from campaigns.services.trigger_checks.re_entry import PLACE_KEY
from triggers.trigger import (
    HOUR_S,
    ApiTrigger,
    BusinessTrigger,
    DateTrigger,
    EventTrigger,
    InteractionTrigger,
    PlaceTrigger,
    ScheduleTrigger,
    Trigger,
)

USUAL_MAX_AGE_S = 72 * HOUR_S
AnyTrigger = TypeVar("AnyTrigger", bound=Trigger)
_TYPES: dict[str, type] = {
    kinds.EVENT: EventTrigger,
    kinds.ABSENCE: EventTrigger,
    kinds.SCHEDULE: ScheduleTrigger,
    kinds.DATE: DateTrigger,
    kinds.BUSINESS: BusinessTrigger,
    kinds.INTERACTION: InteractionTrigger,
    kinds.PLACE: PlaceTrigger,
    kinds.API: ApiTrigger,
}


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What one kind's own fields are read from. `stored` is None if it was of another kind."""

    form: CampaignForm
    stored: Any
    known: Known


def trigger_fields(trigger: Trigger, known: Known) -> dict[str, Any]:
    """What every part of the page shows; kinds that are not chosen show something usual."""
    rule = trigger.rule
    event = _as(EventTrigger, trigger)
    schedule = _as(ScheduleTrigger, trigger)
    return {
        "kind": kinds.kind_of(trigger),
        "event": event.event if event else "",
        "source": event.source if event else "public",
        "rule": msgspec.json.encode(rule).decode() if rule else "",
        **wait_fields(trigger.wait),
        **how_often_fields(trigger),
        **schedule_fields(schedule.recurrence if schedule else None, known),
        **date_fields(_as(DateTrigger, trigger)),
        **business_fields(_as(BusinessTrigger, trigger)),
        **interaction_fields(_as(InteractionTrigger, trigger)),
        **place_fields(_as(PlaceTrigger, trigger)),
        "max_people": getattr(trigger, "max_people", USUAL_PEOPLE),
        "max_age": trigger.max_age_s,
    }


def waits_by_itself(trigger: Trigger) -> bool:
    stays = isinstance(trigger, PlaceTrigger) and trigger.crossing == STAY
    return stays or (isinstance(trigger, InteractionTrigger) and trigger.did == NOT_OPENED)


def trigger_of(
    form: CampaignForm, *, stored: Trigger, cancels: Cancels, has_cancels: bool, known: Known
) -> Trigger:
    """As typed; what the chosen kind does not use is left behind."""
    wanted = _TYPES[form.chosen]
    same = stored if isinstance(stored, wanted) else None
    own = _OWN[wanted](Typed(form=form, stored=same, known=known))
    common = _common(form, stored=stored, cancels=cancels, has_cancels=has_cancels)
    trigger: Trigger = wanted(**common, **own)
    return trigger


def _common(
    form: CampaignForm, *, stored: Trigger, cancels: Cancels, has_cancels: bool
) -> dict[str, Any]:
    typed: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    key = key_of(form, stored) if form.uses("key") else ""
    told_apart_by = PLACE_KEY if form.chosen == kinds.PLACE else key
    max_age_s = stored.max_age_s
    if not form.uses("max_age") and kinds.kind_of(stored) != form.chosen:
        max_age_s = USUAL_MAX_AGE_S
    return {
        "rule": typed.get("rule"),
        "wait": None if form.waits_by_itself else wait_of(form, stored.wait),
        "cancel_on": cancels.typed(counts=has_cancels),
        "key": key,
        "re_entry": re_entry_of(form, stored, key=told_apart_by),
        "max_age_s": typed.get("max_age", max_age_s),
    }


def _event(typed: Typed) -> dict[str, Any]:
    own: Mapping[str, Any] = getattr(typed.form, "cleaned_data", {})
    kept = typed.stored.source if typed.stored else "public"
    return {"event": own.get("event", ""), "source": own.get("source") or kept}


def _schedule(typed: Typed) -> dict[str, Any]:
    stored = typed.stored.recurrence if typed.stored else None
    return {"recurrence": recurrence_of(typed.form, stored, typed.known)} | _max_people(typed)


def _date(typed: Typed) -> dict[str, Any]:
    return date_of(typed.form, typed.stored) | _max_people(typed)


def _business(typed: Typed) -> dict[str, Any]:
    return business_of(typed.form, typed.stored) | _max_people(typed)


def _interaction(typed: Typed) -> dict[str, Any]:
    return interaction_of(typed.form, typed.stored)


def _place(typed: Typed) -> dict[str, Any]:
    return place_of(typed.form, typed.stored)


def _api(_typed: Typed) -> dict[str, Any]:
    return {}


def _max_people(typed: Typed) -> dict[str, Any]:
    kept = typed.stored.max_people if typed.stored else USUAL_PEOPLE
    return {"max_people": max_people_of(typed.form, kept)}


def _as(wanted: type[AnyTrigger], trigger: Trigger) -> AnyTrigger | None:
    return trigger if isinstance(trigger, wanted) else None


_OWN: dict[type, Callable[[Typed], dict[str, Any]]] = {
    EventTrigger: _event,
    ScheduleTrigger: _schedule,
    DateTrigger: _date,
    BusinessTrigger: _business,
    InteractionTrigger: _interaction,
    PlaceTrigger: _place,
    ApiTrigger: _api,
}
