"""The rule language: typed conditions over facts, with three-valued verdicts. Pure."""

from triggers.rules.errors import RuleError
from triggers.rules.fields import FIELDS, Facts, Field, Reader, find_fact
from triggers.rules.operators import OPERATORS, Operator, Takes
from triggers.rules.parse import parse
from triggers.rules.rule import Rule
from triggers.rules.schema import json_schema
from triggers.rules.values import MISSING, Kind
from triggers.rules.verdict import Verdict, all_of, any_of, negate

__all__ = [
    "FIELDS",
    "MISSING",
    "OPERATORS",
    "Facts",
    "Field",
    "Kind",
    "Operator",
    "Reader",
    "Rule",
    "RuleError",
    "Takes",
    "Verdict",
    "all_of",
    "any_of",
    "find_fact",
    "json_schema",
    "negate",
    "parse",
]
