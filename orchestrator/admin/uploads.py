"""Upload attendees: a file of people who did an event, shown before it counts."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import display
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.views import ChangeList

from audience.access import current_workspace
from audience.admin.base import ScopedAdmin
from audience.admin.columns import when
from audience.models import Role, Workspace
from orchestrator.admin.upload_forms import ColumnsForm, FileForm, as_stored
from orchestrator.admin.upload_pages import after, before, progress
from orchestrator.admin.zone import zone_of
from orchestrator.models import Upload
from orchestrator.uploads import counting, stored
from orchestrator.uploads.decoding import FileProblem
from orchestrator.uploads.stored import Shown
from triggers.models import EventName
from triggers.selectors.catalogue import OWN_NAMES

COUNT_FOR_S = 1.5  # a request; the page then shows how far it is and asks again
MOST_NAMES = 500
LIST = "admin:orchestrator_upload_changelist"
PAGE = "admin:orchestrator_upload_change"
NOT_TAKEN = "Not uploaded yet. See what is marked in red."
NOT_CHOSEN = "Not used yet. Everything you typed is still here; see what is marked in red."
NOTHING_COUNTS = "Nothing was counted: no row of the file can count. See why below."


class UploadList(ChangeList):
    """The list, with who uploaded each and without what is in it."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Upload]:
        users = get_user_model().objects.filter(pk=OuterRef("user_id")).values("username")
        rows: QuerySet[Upload] = super().get_queryset(request, *args, **kwargs)
        return rows.defer("rows").annotate(username=Subquery(users[:1]))


class UploadAdmin(ScopedAdmin):
    """Editors upload and count. What counted stays in the list, without its rows."""

    sees = Role.EDITOR
    list_display = ("name_of_file", "did", "rows_good", "rows_bad", "counted", "who", "uploaded")
    ordering = ("-id",)
    sortable_by = ()
    actions = None
    uploaded = when("created_at", "Uploaded")
    counted = when("counted_at", "Counted")
    empty_title = "Nobody was uploaded yet"
    empty_text = (
        "Upload a list of people who did something your app does not see, such as visiting an "
        "open day. You see what would count before it does."
    )

    # --- the list ---------------------------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return UploadList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        titled = {"title": "Upload attendees", **(extra_context or {})}
        return super().changelist_view(request, titled)

    @display(description="File")
    def name_of_file(self, upload: Upload) -> SafeString:
        return format_html("<bdi>{}</bdi>", upload.name)

    @display(description="What they did")
    def did(self, upload: Upload) -> SafeString | str:
        return format_html("<bdi>{}</bdi>", upload.event) if upload.event else "–"

    @display(description="Good rows")
    def rows_good(self, upload: Upload) -> str:
        return f"{upload.good:,}"

    @display(description="Left out")
    def rows_bad(self, upload: Upload) -> str:
        return f"{upload.bad:,}"

    @display(description="By")
    def who(self, upload: Any) -> str:
        return upload.username or "–"

    # --- the file ---------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.count_view)
        own = path("<path:object_id>/count/", view, name="orchestrator_upload_count")
        return [own, *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        upload = self._upload(request, object_id) if object_id else None
        if not self.has_add_permission(request):
            raise PermissionDenied
        if upload is None:
            return self._add(request)
        if not upload.rows:
            return self._show(request, "after", upload, **after(upload))
        kept = stored.unpacked(upload.rows)
        if not isinstance(kept, Shown):
            return self._show(request, "counting", upload, **progress(upload, kept))
        return self._choose(request, upload, kept)

    def _add(self, request: HttpRequest) -> HttpResponse:
        posted = request.method == "POST"
        form = FileForm(request.POST, request.FILES) if posted else FileForm()
        if posted:
            form.is_valid()
            upload = self._kept(request, form)
            if upload is not None:
                return HttpResponseRedirect(reverse(PAGE, args=[upload.pk]))
            messages.error(request, NOT_TAKEN)
        return self._show(request, "file", None, form=form, title="Upload attendees")

    def _kept(self, request: HttpRequest, form: FileForm) -> Upload | None:
        """A good file is kept, whatever is wrong beside it: a browser does not send it twice."""
        file = form.cleaned_data.get("file")
        if file is None:
            return None
        workspace = self._workspace(request)
        try:
            with transaction.atomic():
                upload = counting.keep(
                    workspace_id=workspace.pk,
                    name=file.name or "",
                    raw=file.read(),
                    event=form.cleaned_data.get("event", ""),
                    user_id=request.user.pk or 0,
                    zone=zone_of(workspace),
                    now=self.admin_site.now(),
                )
                self.log_change(request, upload, "Uploaded the file.")
        except FileProblem as problem:
            form.add_error("file", str(problem))
            return None
        return upload

    # --- the columns and the preview --------------------------------------------------------
    def _choose(self, request: HttpRequest, upload: Upload, kept: Shown) -> HttpResponse:
        workspace, now = self._workspace(request), self.admin_site.now()
        table = counting.opened(kept.raw)
        about = {"header": table.header, "zone": workspace.time_zone, "now": now}
        form = ColumnsForm(initial=as_stored(kept, upload.event), **about)
        if request.method == "POST":
            form = ColumnsForm(request.POST, **about)
            if form.is_valid():
                self._chosen(request, upload, form)
                return HttpResponseRedirect(self._next(request, upload))
            messages.error(request, NOT_CHOSEN)
        seen = before(upload, kept.choices, table, zone=zone_of(workspace), now=now)
        return self._show(request, "preview", upload, form=form, **seen)

    def _chosen(self, request: HttpRequest, upload: Upload, form: ColumnsForm) -> None:
        workspace = self._workspace(request)
        counting.choose(
            upload_id=upload.pk,
            workspace_id=workspace.pk,
            event=form.cleaned_data["event"],
            choices=form.choices,
            zone=zone_of(workspace),
            now=self.admin_site.now(),
        )

    def _next(self, request: HttpRequest, upload: Upload) -> str:
        page = "admin:orchestrator_upload_count" if "_count" in request.POST else PAGE
        return reverse(page, args=[upload.pk])

    # --- counting ---------------------------------------------------------------------------
    def count_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET asks; the POST counts for a while and leads to the page that shows how far it is."""
        upload = self._upload(request, object_id)
        if not self.has_change_permission(request):
            raise PermissionDenied
        page = HttpResponseRedirect(reverse(PAGE, args=[upload.pk]))
        kept = stored.unpacked(upload.rows) if upload.rows else None
        if request.method == "POST":
            self._count(request, upload, asked=isinstance(kept, Shown))
            return page
        if not isinstance(kept, Shown):
            return page
        workspace, now = self._workspace(request), self.admin_site.now()
        table = counting.opened(kept.raw)
        seen = before(upload, kept.choices, table, zone=zone_of(workspace), now=now)
        return self._show(request, "question", upload, **seen) if seen["may_count"] else page

    def _count(self, request: HttpRequest, upload: Upload, *, asked: bool) -> None:
        """`asked`: this is the first press, and not one that goes on."""
        workspace, now = self._workspace(request), self.admin_site.now()
        ids = {"upload_id": upload.pk, "workspace_id": workspace.pk}
        if not counting.begin(**ids, zone=zone_of(workspace), now=now):
            messages.error(request, NOTHING_COUNTS)
            return
        if asked:
            self.log_change(request, upload, "Counted the file.")
        counting.go_on(**ids, now=now, for_s=COUNT_FOR_S)

    # --- cancelling -------------------------------------------------------------------------
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        upload = self._upload(request, object_id)
        if not self.has_delete_permission(request, upload):
            raise PermissionDenied
        if not upload.rows:
            return HttpResponseRedirect(reverse(PAGE, args=[upload.pk]))
        if request.method != "POST":
            return self._show(request, "cancel", upload, **cancelling(upload))
        with transaction.atomic():
            self.log_change(request, upload, "Cancelled the file.")
            counting.stop(
                upload_id=upload.pk,
                workspace_id=self._workspace(request).pk,
                now=self.admin_site.now(),
            )
        messages.success(request, "The file is deleted. Nothing more of it counts.")
        return HttpResponseRedirect(reverse(LIST))

    # --- what all pages share ---------------------------------------------------------------
    def _upload(self, request: HttpRequest, object_id: str) -> Upload:
        found = self.get_object(request, unquote(object_id))
        assert isinstance(found, Upload)  # noqa: S101 - ScopedAdmin raises 404 for anything else
        return found

    def _workspace(self, request: HttpRequest) -> Workspace:
        workspace = current_workspace(request)
        if workspace is None:
            raise PermissionDenied
        return workspace

    def _show(
        self, request: HttpRequest, name: str, upload: Upload | None, **values: Any
    ) -> TemplateResponse:
        names = EventName.objects.filter(workspace=self._workspace(request))
        suggested = names.exclude(name__in=OWN_NAMES).order_by("-last_seen_at", "name")
        context = {
            **self.admin_site.each_context(request),
            "title": upload.name if upload else "",
            "opts": self.opts,
            "upload": upload,
            "event_names": list(suggested.values_list("name", flat=True)[:MOST_NAMES]),
            **values,
        }
        return TemplateResponse(request, f"admin_pages/upload_{name}.html", context)


def cancelling(upload: Upload) -> dict[str, Any]:
    kept = stored.unpacked(upload.rows)
    counted = 0 if isinstance(kept, Shown) else upload.good - kept.left
    return {"title": f"Cancel “{upload.name}”?", "counted": counted}
