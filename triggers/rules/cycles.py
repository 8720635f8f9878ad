"""Segments that lead back to themselves."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from triggers.rules.rule import Rule

Graph = dict[str, list[str]]


def check_cycles(rules: Mapping[str, Rule]) -> list[tuple[str, ...]]:
    """Circles among segments: ("a", "b") where a asks b and b asks a; [] if there are none.

    Each begins with its smallest key, and no step is in two of them. Keys without a rule are
    the business of whoever saves.
    """
    graph = {key: sorted(rules[key].segments & rules.keys()) for key in sorted(rules)}
    found = []
    while cycle := _first_cycle(graph):
        for asking, asked in pairwise((*cycle, cycle[0])):
            graph[asking].remove(asked)
        found.append(cycle)
    return sorted(found)


def _first_cycle(graph: Graph) -> tuple[str, ...]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        asked_first: list[str] = error.args[1]
        circle = asked_first[:0:-1]
        start = circle.index(min(circle))
        return (*circle[start:], *circle[:start])
    return ()
