"""What every page about one joint project shares."""

from typing import Any

from django.http import Http404

from agreements.models import Collaboration
from agreements.queries import with_bodies
from core.views import posted_version
from members.rules import SeatRule
from members.views.acting import SeatMixin


class OneCollaborationMixin(SeatMixin):
    """A page that changes a joint project which the reader may see: 404 otherwise.

    ``rule`` says what the acting seat must be allowed to do with it: 403 otherwise. The form
    carries the version that was read.
    """

    rule: SeatRule
    collaboration: Collaboration

    def admit(self) -> None:
        self.collaboration = self.read()
        self.act_by(self.rule, self.collaboration)

    def read(self) -> Collaboration:
        """The joint project as it now stands. Raises ``Http404``."""
        visible = Collaboration.objects.visible_to(self.request.user)
        collaboration = with_bodies(visible.filter(pk=self.kwargs["pk"])).first()
        if collaboration is None:
            raise Http404
        return collaboration

    def form_stale(self, form):
        # Read again: the colleague may have saved after this request began.
        self.collaboration = self.read()
        return super().form_stale(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # What was read when the form was opened; after a refusal as stale, what is shown now.
        opened = self.request.method == "POST" and not kwargs.get("stale")
        version = posted_version(self.request) if opened else self.collaboration.version
        kwargs.setdefault("version", version)
        return super().get_context_data(collaboration=self.collaboration, seat=self.seat, **kwargs)
