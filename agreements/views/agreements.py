"""The agreements, and what they came to on any day."""

from typing import Any

from django.views.generic import DetailView, ListView

from agreements import queries
from agreements.models import Agreement
from agreements.querysets import AgreementQuerySet
from agreements.sheets.agreements import COLUMNS
from core.dates import today
from core.sheets import Sheet
from core.views import AsOfMixin, PublicMixin, SheetView


class ListedMixin(PublicMixin, AsOfMixin):
    """Every agreement, or those of the day asked for."""

    def listed(self) -> AgreementQuerySet:
        agreements = Agreement.objects.visible_to(self.request.user)
        return agreements.in_force_on(self.day) if self.is_asked else agreements


class AgreementList(ListedMixin, ListView):
    """The agreements by kind, with the figures of the day."""

    template_name = "agreements/agreement_list.html"
    context_object_name = "agreements"

    def get_queryset(self) -> AgreementQuerySet:
        return queries.with_parties(self.listed())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            standing=queries.standing_on(self.day),
            groups=queries.by_kind(self.object_list),
            **kwargs,
        )


class AgreementExport(ListedMixin, SheetView):
    """The agreements of the list, in the order of their signing, as a file for Excel."""

    def get_sheet(self) -> Sheet:
        return Sheet("連携協定", COLUMNS, queries.with_all(self.listed()))


class AgreementDetail(PublicMixin, AsOfMixin, DetailView):
    """One agreement, with the municipalities that it covers on the day."""

    template_name = "agreements/agreement_detail.html"
    context_object_name = "agreement"

    def get_queryset(self):
        return queries.with_parties(Agreement.objects.visible_to(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agreement, associations = self.object, self.object.bound_associations
        holds = agreement.in_force_on(self.day)
        if not associations:
            # Nothing on the page depends on the day, and it does not ask for one.
            kwargs["form"] = None
        return super().get_context_data(
            holds=holds,
            covered=queries.covered_by(associations if holds else [], self.day),
            ceremonies=agreement.ceremonies.visible_to(self.request.user).order_by("earliest"),
            collaborations=queries.latest_first(
                agreement.collaborations.visible_to(self.request.user)
            ),
            timeline_year=agreement.when.past_year(today()),
            **kwargs,
        )
