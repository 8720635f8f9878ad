"""The base of every admin page: scoped to the current workspace, guarded by role."""

from typing import Any, ClassVar

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
    change_list_template = "admin_pages/change_list.html"
    # What a list without rows says, and what to do next.
    empty_title: ClassVar[str] = "Nothing here yet"
    empty_text: ClassVar[str] = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        workspace = current_workspace(request)
        rows = super().get_queryset(request)
        return rows.filter(**{self.workspace_lookup: workspace.pk if workspace else 0})

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        related = db_field.related_model
        if field and any(one.name == "workspace" for one in related._meta.get_fields()):
            workspace = current_workspace(request)
            field.queryset = field.queryset.filter(workspace_id=workspace.pk if workspace else 0)
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


class HistoryAdmin(ScopedAdmin):
    """What happened: to be read, never changed."""

    changes = None
    list_per_page = 50
    paginator = CappedPaginator
    sortable_by = ()
    actions = None
