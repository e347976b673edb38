"""How fresh an office's contact details are, in lists and filters."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from core.dates import today
from members.models import Office


@admin.display(description="最終確認", ordering="confirmed_at")
def freshness(office: Office) -> str:
    """As on the portal's own pages."""
    return render_to_string("components/freshness.html", {"office": office})


class FreshnessFilter(admin.SimpleListFilter):
    """By how long ago the details were confirmed; those never confirmed are stale too."""

    title = "最終確認"
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("fresh", "1年以内"), ("stale", "1年以上確認なし"), ("never", "未確認")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        stale = Office.objects.stale(today()).values("pk")
        match self.value():
            case "fresh":
                return queryset.exclude(pk__in=stale)
            case "stale":
                return queryset.filter(pk__in=stale)
            case "never":
                return queryset.filter(confirmed_at=None)
        return queryset
