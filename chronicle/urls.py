"""Addresses of the news and of the policy pages."""

from django.urls import path

from chronicle import views

app_name = "chronicle"
urlpatterns = [
    path("news/", views.NewsList.as_view(), name="news_list"),
    path("news/<int:pk>/", views.NewsDetail.as_view(), name="news_detail"),
    path("pages/<slug:slug>/", views.PageDetail.as_view(), name="page_detail"),
]
