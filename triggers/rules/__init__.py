"""The rule language: typed conditions over facts, with three-valued verdicts. Pure."""

from triggers.rules.cycles import check_cycles
from triggers.rules.errors import RuleError
from triggers.rules.fields import FIELDS, Facts, Field, Reader, find_fact
from triggers.rules.history import Calendar, History, Join, PastEvent, PastEvents, Rolling, Window
from triggers.rules.measures import MEASURES, Measure
from triggers.rules.operators import OPERATORS, Operator, Takes
from triggers.rules.parse import parse
from triggers.rules.rule import Rule
from triggers.rules.schema import json_schema
from triggers.rules.segments import MAX_SEGMENT_CHAIN
from triggers.rules.tree import Why
from triggers.rules.values import MISSING, Kind
from triggers.rules.verdict import Verdict, all_of, any_of, negate

__all__ = [
    "FIELDS",
    "MAX_SEGMENT_CHAIN",
    "MEASURES",
    "MISSING",
    "OPERATORS",
    "Calendar",
    "Facts",
    "Field",
    "History",
    "Join",
    "Kind",
    "Measure",
    "Operator",
    "PastEvent",
    "PastEvents",
    "Reader",
    "Rolling",
    "Rule",
    "RuleError",
    "Takes",
    "Verdict",
    "Why",
    "Window",
    "all_of",
    "any_of",
    "check_cycles",
    "find_fact",
    "json_schema",
    "negate",
    "parse",
]
