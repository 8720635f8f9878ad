"""Celery's doors, one pipeline call each. Every task may run twice, late, or not at all."""

from orchestrator import bells, clock
from orchestrator.celery import app
from orchestrator.gateway import gateway, stopping
from orchestrator.pipeline import dispatch as dispatching
from orchestrator.pipeline import evaluate as evaluating
from orchestrator.pipeline import fire_due as firing
from orchestrator.pipeline import pass_time as passing
from orchestrator.pipeline import plan as planning
from orchestrator.pipeline import upkeep as keeping
from orchestrator.uploads.places import work as importing


@app.task(name=bells.EVALUATE)
def evaluate(**_newer: object) -> None:
    bells.silence(bells.EVALUATE)
    evaluating.evaluate(clock=clock.now)


@app.task(name=bells.EVALUATE_BULK)
def evaluate_bulk(**_newer: object) -> None:
    bells.silence(bells.EVALUATE_BULK)
    evaluating.evaluate_bulk(clock=clock.now)


@app.task(name=bells.DISPATCH)
def dispatch(**_newer: object) -> None:
    bells.silence(bells.DISPATCH)
    dispatching.dispatch(gateway=gateway(), clock=clock.now, stopping=stopping)


@app.task(name=bells.DISPATCH_BULK)
def dispatch_bulk(**_newer: object) -> None:
    bells.silence(bells.DISPATCH_BULK)
    dispatching.dispatch(gateway=gateway(), clock=clock.now, stopping=stopping, bulk=True)


@app.task(name="orchestrator.fire_due")
def fire_due(**_newer: object) -> None:
    firing.fire_due(clock=clock.now)
    passing.pass_time(clock=clock.now)


@app.task(name=bells.PLAN)
def plan(**_newer: object) -> None:
    bells.silence(bells.PLAN)
    planning.plan(clock=clock.now)


@app.task(name=bells.IMPORT_PLACES)
def import_places(**_newer: object) -> None:
    bells.silence(bells.IMPORT_PLACES)
    importing.work(clock=clock.now, stopping=stopping)


@app.task(name="orchestrator.upkeep")
def upkeep(**_newer: object) -> None:
    keeping.upkeep(now=clock.now())
