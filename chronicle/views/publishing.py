"""News, and the policy pages that the secretariat writes."""

from django.views.generic import DetailView, ListView

from chronicle.models import News, Page
from core.files import attachments_of
from core.views import PublicMixin


class NewsList(PublicMixin, ListView):
    """The news that the visitor may read, newest first."""

    template_name = "chronicle/news_list.html"
    context_object_name = "news_items"
    paginate_by = 20

    def get_queryset(self):
        return News.objects.visible_to(self.request.user).newest_first()


class NewsDetail(PublicMixin, DetailView):
    """One piece of news; one that the visitor may not read does not exist for them."""

    template_name = "chronicle/news_detail.html"
    context_object_name = "news"

    def get_queryset(self):
        return News.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        attachments = attachments_of(self.object, self.request.user)
        return super().get_context_data(attachments=attachments, **kwargs)


class PageDetail(PublicMixin, DetailView):
    """A policy page."""

    template_name = "chronicle/page_detail.html"
    context_object_name = "page"

    def get_queryset(self):
        return Page.objects.visible_to(self.request.user)
