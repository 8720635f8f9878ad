"""Filters of a list by a column with few values."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest


class ChoiceFilter(admin.SimpleListFilter):
    """Shows the rows whose `column` has the chosen value; a value that is no choice has none."""

    column: ClassVar[str]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if not chosen:
            return queryset
        if chosen not in {str(choice) for choice, _label in self.lookup_choices}:
            return queryset.none()
        return queryset.filter(**{self.column: chosen})
