"""Import places: a file of places, shown before anything is written."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import display
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audience.access import current_workspace
from audience.admin.base import ScopedAdmin
from audience.admin.columns import when
from audience.models import Role
from orchestrator.admin.place_import_forms import (
    ImportForm,
    MeaningsForm,
    PlacesFileForm,
    as_typed,
)
from orchestrator.admin.place_import_pages import columns_of, preview, progress
from orchestrator.models import ImportState, PlaceImport
from orchestrator.uploads.decoding import FileProblem
from orchestrator.uploads.places import importing, left_out

LIST = "admin:orchestrator_placeimport_changelist"
PAGE = "admin:orchestrator_placeimport_change"
TITLE = "Import places"
NOT_TAKEN = "Not uploaded yet. See what is marked in red."
NOT_CHOSEN = "Not used yet. See what is marked in red."


class PlaceImportAdmin(ScopedAdmin):
    """Editors import. What was imported stays in the list, without the file."""

    sees = Role.EDITOR
    list_display = ("name_of_file", "status", "created", "changed", "removed", "uploaded")
    ordering = ("-id",)
    sortable_by = ()
    actions = None
    uploaded = when("created_at", "Uploaded")
    empty_title = "No places were imported yet"
    empty_text = "Upload a CSV or GeoJSON file. You see what it would change before it does."

    # --- the list ---------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[PlaceImport]:
        return super().get_queryset(request).defer(*importing.BLOBS)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": TITLE, **(extra_context or {})})

    @display(description="File")
    def name_of_file(self, row: PlaceImport) -> SafeString:
        return format_html("<bdi>{}</bdi>", row.name)

    @display(description="State")
    def status(self, row: PlaceImport) -> str:
        return {
            ImportState.READING: "Being read",
            ImportState.READ: "Not imported yet",
            ImportState.WRITING: f"{row.done:,} of {row.total:,} imported",
        }.get(ImportState(row.state), "Imported")

    # --- the file ---------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        own = {
            "import": self.import_view,
            "progress": self.progress_view,
            "left-out": self.left_out_view,
        }
        return [
            *(
                path(
                    f"<path:object_id>/{part}/",
                    self.admin_site.admin_view(view),
                    name=f"orchestrator_placeimport_{part.replace('-', '_')}",
                )
                for part, view in own.items()
            ),
            *super().get_urls(),
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self._import(request, object_id) if object_id else None
        if not self.has_add_permission(request):
            raise PermissionDenied
        if row is None:
            return self._add(request)
        if row.state == ImportState.DONE:
            return self._show(request, "after", row, **preview(row))
        if row.state != ImportState.READ:
            return self._show(request, "busy", row, **progress(row))
        return self._choose(request, row)

    def _add(self, request: HttpRequest) -> HttpResponse:
        posted = request.method == "POST"
        form = PlacesFileForm(request.POST, request.FILES) if posted else PlacesFileForm()
        if posted:
            row = self._kept(request, form) if form.is_valid() else None
            if row is not None:
                return HttpResponseRedirect(reverse(PAGE, args=[row.pk]))
            messages.error(request, NOT_TAKEN)
        return self._show(request, "file", None, form=form, title=TITLE)

    def _kept(self, request: HttpRequest, form: PlacesFileForm) -> PlaceImport | None:
        file = form.cleaned_data["file"]
        try:
            with transaction.atomic():
                row = importing.keep(
                    workspace_id=self._workspace_id(request),
                    name=file.name or "",
                    raw=file.read(),
                    user_id=request.user.pk or 0,
                    now=self.admin_site.now(),
                )
                self.log_change(request, row, "Uploaded the file.")
        except FileProblem as problem:
            form.add_error("file", str(problem))
            return None
        return row

    # --- the columns and the preview --------------------------------------------------------
    def _choose(self, request: HttpRequest, row: PlaceImport) -> HttpResponse:
        header = importing.header_of(row)
        form = MeaningsForm(initial=as_typed(importing.choices_of(row)), header=header)
        if request.method == "POST":
            form = MeaningsForm(request.POST, header=header)
            if form.is_valid():
                importing.choose(
                    import_id=row.pk,
                    workspace_id=self._workspace_id(request),
                    choices=form.choices,
                )
                return HttpResponseRedirect(reverse(PAGE, args=[row.pk]))
            messages.error(request, NOT_CHOSEN)
        seen = preview(row)
        columns = columns_of(row, seen["found"], form)
        return self._show(request, "preview", row, form=form, columns=columns, **seen)

    # --- importing --------------------------------------------------------------------------
    def import_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET asks once more; the POST lets a task import."""
        row = self._import(request, object_id)
        if not self.has_change_permission(request):
            raise PermissionDenied
        page = HttpResponseRedirect(reverse(PAGE, args=[row.pk]))
        if row.state != ImportState.READ:
            return page
        form = ImportForm(request.POST or request.GET)
        form.is_valid()
        chosen = form.cleaned_data
        found = importing.found_of(row)
        if request.method != "POST":
            why = importing.refusal(found, leave_out=chosen["leave_out"])
            if not why:
                return self._show(request, "question", row, found=found, **chosen)
        else:
            why = self._begun(request, row, **chosen)
        if why:
            messages.error(request, f"Nothing was imported. {why}")
        return page

    def _begun(self, request: HttpRequest, row: PlaceImport, **chosen: bool) -> str:
        with transaction.atomic():
            why = importing.begin(
                import_id=row.pk, workspace_id=self._workspace_id(request), **chosen
            )
            if not why:
                self.log_change(request, row, "Imported the file.")
        return why

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return JsonResponse(progress(self._import(request, object_id)))

    def left_out_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The wrong rows as a CSV file, empty where there are none."""
        row = self._import(request, object_id)
        raw = left_out.unpacked(row.left_out) if row.left_out else b""
        return HttpResponse(
            raw,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="places-left-out.csv"'},
        )

    # --- cancelling -------------------------------------------------------------------------
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self._import(request, object_id)
        if not self.has_delete_permission(request, row):
            raise PermissionDenied
        if row.state == ImportState.DONE:
            return HttpResponseRedirect(reverse(PAGE, args=[row.pk]))
        if request.method != "POST":
            title = f"Cancel “{row.name}”?"
            return self._show(request, "cancel", row, title=title, **progress(row))
        with transaction.atomic():
            self.log_change(request, row, "Cancelled the file.")
            importing.stop(
                import_id=row.pk,
                workspace_id=self._workspace_id(request),
                now=self.admin_site.now(),
            )
        messages.success(request, "The file is deleted. Nothing more of it is imported.")
        return HttpResponseRedirect(reverse(LIST))

    # --- what all pages share ---------------------------------------------------------------
    def _import(self, request: HttpRequest, object_id: str) -> PlaceImport:
        found = self.get_object(request, unquote(object_id))
        assert isinstance(found, PlaceImport)  # noqa: S101 - ScopedAdmin raises 404 for else
        if not self.has_view_permission(request):
            raise PermissionDenied
        return found

    def _workspace_id(self, request: HttpRequest) -> int:
        workspace = current_workspace(request)
        if workspace is None:
            raise PermissionDenied
        return workspace.pk

    def _show(
        self, request: HttpRequest, name: str, row: PlaceImport | None, **values: Any
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": row.name if row else "",
            "opts": self.opts,
            "row": row,
            **values,
        }
        return TemplateResponse(request, f"admin_pages/place_import_{name}.html", context)
