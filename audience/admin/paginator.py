"""Pages of a long history without counting it."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

CAP = 1_000


class CappedPaginator(Paginator):
    """Counts to the cap and no further; older rows are found by searching."""

    template_name = "admin_pages/pagination.html"
    cap = CAP

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return min(rows[: CAP + 1].count(), CAP)

    @cached_property
    def capped(self) -> bool:
        """Whether there is more than can be paged to."""
        rows: Any = self.object_list
        return self.count == CAP and rows[CAP : CAP + 1].exists()


def up_to(rows: Any, limit: int = CAP) -> str:
    """How many, as text: "12", or "1,000+"."""
    found = rows[: limit + 1].count()
    return f"{limit:,}+" if found > limit else f"{found:,}"
