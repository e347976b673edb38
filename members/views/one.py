"""What every page that changes one record shares."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404

from core.views import posted_version
from members.rules import SeatRule
from members.views.acting import SeatMixin


class OneRecordMixin(SeatMixin):
    """A page that changes a record which the reader may see: 404 otherwise.

    ``record_name`` is what the page and its template call the record, ``rule`` says what the
    acting seat must be allowed to do with it: 403 otherwise. The form carries the version that
    was read.
    """

    rule: SeatRule
    record_name: str

    def admit(self) -> None:
        self.act_by(self.rule, self.read())

    def visible(self) -> QuerySet:
        """The records that the reader may see."""
        raise NotImplementedError

    def read(self) -> Model:
        """The record as it now stands. Raises ``Http404``."""
        record = self.visible().filter(pk=self.kwargs["pk"]).first()
        if record is None:
            raise Http404
        setattr(self, self.record_name, record)
        return record

    def form_stale(self, form):
        # Read again: the colleague may have saved after this request began.
        self.read()
        return super().form_stale(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # What was read when the form was opened; after a refusal as stale, what is shown now.
        record = getattr(self, self.record_name)
        opened = self.request.method == "POST" and not kwargs.get("stale")
        version = posted_version(self.request) if opened else record.version
        kwargs = {"version": version, self.record_name: record, "seat": self.seat, **kwargs}
        return super().get_context_data(**kwargs)
