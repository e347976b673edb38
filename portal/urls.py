"""Addresses of the pages that read every room."""

from django.urls import path

from portal.views import member_home, public

app_name = "portal"
urlpatterns = [
    path("", public.Home.as_view(), name="home"),
    path("member/", member_home.MemberHome.as_view(), name="member_home"),
    path("about/", public.About.as_view(), name="about"),
    path("municipalities/", public.PrefectureList.as_view(), name="prefecture_list"),
    path(
        "municipalities/<slug:code>/", public.MunicipalityList.as_view(), name="municipality_list"
    ),
    path(
        "organizations/<int:pk>/", public.OrganizationDetail.as_view(), name="organization_detail"
    ),
]
