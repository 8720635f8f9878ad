"""The base of every admin page: scoped to the current workspace, guarded by role."""

from typing import Any, ClassVar

from django.contrib.admin import ShowFacets
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin

from audience.access import current_workspace, has_role
from audience.admin.paginator import CappedPaginator
from audience.models import Role


class ScopedAdmin(ModelAdmin):
    """Shows one workspace's rows; another workspace's object is a 404.

    `workspace_lookup` is the path from the model to the workspace's id. `sees` is the role that
    may look, `changes` the one that may add, change and delete (None: nobody).
    """

    workspace_lookup: ClassVar[str] = "workspace_id"
    sees: ClassVar[Role] = Role.VIEWER
    changes: ClassVar[Role | None] = Role.EDITOR
    show_full_result_count = False
    show_facets = ShowFacets.NEVER  # each would count a whole table
    change_list_template = "admin_pages/change_list.html"
    # What a list without rows says, and what to do next.
    empty_title: ClassVar[str] = "Nothing here yet"
    empty_text: ClassVar[str] = ""

    def workspace_id(self, request: HttpRequest) -> int:
        """The current workspace's, or 0, which is nobody's."""
        workspace = current_workspace(request)
        return workspace.pk if workspace else 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.filter(**{self.workspace_lookup: self.workspace_id(request)})

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """A list is asked by its filters alone: others could spell out a token that it hides."""
        return lookup in {getattr(one, "parameter_name", one) for one in self.list_filter}

    def title_of(self, row: Any) -> str:
        """What the page of one row is called."""
        return str(row)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        row = context.get("original")
        named = context if row is None else context | {"shown_as": self.title_of(row)}
        return super().render_change_form(request, named, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        related = db_field.related_model
        if field and any(one.name == "workspace" for one in related._meta.get_fields()):
            field.queryset = field.queryset.filter(workspace_id=self.workspace_id(request))
        return field

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_role(request, self.sees)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_role(request, self.sees)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.changes is not None and has_role(request, self.changes)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.changes is not None and has_role(request, self.changes)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.changes is not None and has_role(request, self.changes)


class SetupAdmin(ScopedAdmin):
    """What owners set up: one thing at a time, so that one way to save is enough."""

    changes = Role.OWNER
    actions = None
    sortable_by = ()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        only_save = {"show_save_and_add_another": False, "show_save_and_continue": False}
        context = only_save | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)


class HistoryAdmin(ScopedAdmin):
    """What happened: to be read, never changed."""

    changes = None
    list_per_page = 50
    list_max_show_all = 0
    paginator = CappedPaginator
    sortable_by = ()
    actions = None
