"""The addresses that machines ask, those of files, and those of links in mails."""

from django.urls import include, path

from core.probes import PROBES

urlpatterns = [
    path(address.removeprefix("/"), probe, name=address.removeprefix("/"))
    for address, probe in PROBES.items()
]
pages = [
    path("files/", include("core.files.urls")),
    path("c/", include("core.links.urls")),
]
urlpatterns.append(path("", include((pages, "core"))))
