"""連携のあゆみ of one joint project."""

from typing import Any

from django.views.generic import DetailView

from agreements.models import Collaboration
from agreements.queries import with_bodies
from core.views import PublicMixin
from portal.chain import chain_of


class CollaborationChain(PublicMixin, DetailView):
    """How a joint project came about and what came of it, with dates and actors."""

    template_name = "portal/collaboration_chain.html"
    context_object_name = "collaboration"

    def get_queryset(self):
        return with_bodies(Collaboration.objects.visible_to(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(steps=chain_of(self.object, self.request.user), **kwargs)
