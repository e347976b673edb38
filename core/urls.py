"""The addresses that machines ask, and those of files."""

from django.urls import include, path

from core.probes import PROBES

urlpatterns = [
    path(address.removeprefix("/"), probe, name=address.removeprefix("/"))
    for address, probe in PROBES.items()
]
urlpatterns.append(path("files/", include("core.files.urls")))
