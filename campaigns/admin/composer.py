"""What the campaign page shows beside its fields, at first and while somebody types."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
    QueryDict,
)
from django.template.loader import render_to_string

from audience.models import Workspace
from campaigns.admin import catalogue
from campaigns.admin.api_example import api_call
from campaigns.admin.cancels import CancelForm
from campaigns.admin.known import Known, known_in
from campaigns.admin.month_days import SUGGESTED
from campaigns.admin.next_times import NextTimes, next_times
from campaigns.admin.place_catalogue import attributes_of, example_place
from campaigns.admin.preview import Phone, phone
from campaigns.admin.properties import PREFIX
from campaigns.admin.samples import Sample, samples
from campaigns.admin.sheet import BLANK, Sheet
from campaigns.definition import DEFAULT_LOCALE
from campaigns.models import Campaign
from triggers.places.crossings import CROSSINGS
from triggers.rules import Kind
from triggers.segments import Named
from triggers.selectors.segments import segments_of

TRAITS = "person.traits."


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the chosen event brings along."""

    facts: list[dict[str, Any]]
    variables: list[dict[str, str]]
    samples: list[Sample]
    is_known: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of “Don't send if” with what its own event brings along."""

    form: CancelForm
    facts_json: str
    properties: list[str]
    restarts: bool


@dataclass(kw_only=True)
class Composer:
    """Everything is read for one workspace."""

    workspace: Workspace
    link_schemes: Collection[str]
    now: datetime

    @cached_property
    def known(self) -> Known:
        return known_in(workspace=self.workspace, now=self.now, with_tags=True)

    @cached_property
    def segments(self) -> list[Named]:
        return segments_of(workspace_id=self.workspace.pk)

    def page(self, *, campaign: Campaign | None, sheet: Sheet) -> dict[str, Any]:
        around = self._around(sheet.form.event_name)
        names = catalogue.event_names(workspace=self.workspace)
        *rows, blank_row = self._rows(sheet, [*sheet.cancels.used, sheet.cancels.blank()])
        return {
            "sheet": sheet,
            "event_names": names,
            "events_json": json.dumps([one.name for one in names]),
            "facts_json": json.dumps(around.facts),
            "operators_json": json.dumps(catalogue.operators()),
            "event_properties": properties_among(around.facts),
            "rows": rows,
            "blank_row": blank_row,
            "traits": traits_among(around.facts),
            "month_days": SUGGESTED,
            "next": self._next(sheet),
            "api": api_call(key=campaign.key if campaign else "", url=settings.PUBLIC_URL),
            "variables": around.variables,
            "samples": around.samples,
            "event_is_known": around.is_known,
            "phone": self._phone(sheet, around.samples[0], DEFAULT_LOCALE, campaign),
            "missing": sheet.missing(),
            "sentence": sheet.sentence,
        }

    def answer_catalogue(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        around = self._around(request.GET.get("event", ""))
        return JsonResponse(
            {
                "facts": around.facts,
                "variables": around.variables,
                "samples": [{"id": one.id, "label": one.label} for one in around.samples],
                "isKnown": around.is_known,
            }
        )

    def answer_preview(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        sheet = Sheet(campaign=None, data=request.POST, known=self.known)
        sample = self._sample(sheet.form.event_name, request.POST)
        shown = self._phone(sheet, sample, request.POST.get("shown", DEFAULT_LOCALE), None)
        return JsonResponse(
            {
                "phone": render_to_string("campaign_pages/_phone.html", {"phone": shown}),
                "sentence": sheet.sentence,
                "next": render_to_string("campaign_pages/_next.html", {"next": self._next(sheet)}),
                "missing": render_to_string(
                    "campaign_pages/_missing.html", {"missing": sheet.missing()}
                ),
                "errors": liquid_errors(sheet),
            }
        )

    def _around(self, typed: str) -> Surroundings:
        event = typed.replace("\0", "")
        properties = catalogue.properties_of(workspace=self.workspace, event=event)
        traits = catalogue.traits_of(workspace=self.workspace)
        at_place = event in CROSSINGS
        attributes = attributes_of(workspace=self.workspace) if at_place else None
        known: dict[str, Any] = {
            "properties": properties,
            "traits": traits,
            "attributes": attributes,
        }
        return Surroundings(
            facts=catalogue.facts(**known, segments=self.segments),
            variables=catalogue.variables(**known),
            samples=samples(
                workspace=self.workspace,
                event=event,
                properties=properties,
                traits=traits,
                now=self.now,
                place=example_place(workspace=self.workspace, now=self.now) if at_place else None,
            ),
            is_known=not event.strip() or catalogue.is_known(workspace=self.workspace, event=event),
        )

    def _rows(self, sheet: Sheet, forms: list[CancelForm]) -> list[Row]:
        names = {form: form.event_name.replace("\0", "") for form in forms}
        known = catalogue.properties_of_each(workspace=self.workspace, events=names.values())
        traits = catalogue.traits_of(workspace=self.workspace)
        starts = sheet.form.event_name
        rows = []
        for form, name in names.items():
            facts = catalogue.facts(properties=known.get(name, {}), traits=traits)
            rows.append(
                Row(
                    form=form,
                    facts_json=json.dumps(facts),
                    properties=properties_among(facts),
                    restarts=bool(name) and name == starts,
                )
            )
        return rows

    def _next(self, sheet: Sheet) -> NextTimes:
        return next_times(sheet.definition.trigger, now=self.now, zone=self.known.zone)

    def _sample(self, event: str, data: QueryDict) -> Sample:
        around = self._around(event)
        chosen = (one for one in around.samples if one.id == data.get("sample"))
        return next(chosen, around.samples[0])

    def _phone(self, sheet: Sheet, sample: Sample, locale: str, campaign: Campaign | None) -> Phone:
        texts = sheet.definition.messages
        return phone(
            definition=sheet.definition,
            message=texts.get(locale) or texts.get(DEFAULT_LOCALE) or BLANK.messages["default"],
            sample=sample,
            campaign=(campaign.key if campaign else "", sheet.name),
            app=self.workspace.name,
            link_schemes=self.link_schemes,
        )


def properties_among(facts: list[dict[str, Any]]) -> list[str]:
    """Names of the event's own properties, for lists to choose from."""
    return [fact["label"] for fact in facts if fact["name"].startswith(PREFIX)]


def traits_among(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is known of people, dates first."""
    traits = [fact for fact in facts if fact["name"].startswith(TRAITS)]
    return sorted(traits, key=lambda fact: fact["kind"] != Kind.DATE.value)


def liquid_errors(sheet: Sheet) -> dict[str, list[str]]:
    """What is wrong in the texts, by the name of the field on the page."""
    return {
        form.add_prefix(field): [str(error) for error in errors]
        for form in sheet.messages
        for field, errors in form.errors.items()
        if str(form[field].value() or "").strip()
    }
