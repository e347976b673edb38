"""The addresses of the links in mails, short enough to be retyped."""

from django.urls import path

from core.links import views

urlpatterns = [
    path("", views.MailLinkCode.as_view(), name="mail_link_code"),
    path("<str:code>/", views.MailLink.as_view(), name="mail_link"),
]
