"""Addresses of the news, the policy pages and the relief."""

from django.urls import path

from chronicle.views import publishing, relief

app_name = "chronicle"
urlpatterns = [
    path("news/", publishing.NewsList.as_view(), name="news_list"),
    path("news/<int:pk>/", publishing.NewsDetail.as_view(), name="news_detail"),
    path("pages/<slug:slug>/", publishing.PageDetail.as_view(), name="page_detail"),
    path("relief/", relief.ReliefList.as_view(), name="relief_list"),
    path("relief/export.<str:ending>", relief.ReliefExport.as_view(), name="relief_export"),
    path("relief/<int:pk>/", relief.DisasterDetail.as_view(), name="disaster_detail"),
]
