"""Addresses of the pages that read every room."""

from django.urls import path

from portal.views import (
    chain,
    directory,
    downloads,
    member_home,
    public,
    search,
    statistics,
    timeline,
)

app_name = "portal"
urlpatterns = [
    path("", public.Home.as_view(), name="home"),
    path("member/", member_home.MemberHome.as_view(), name="member_home"),
    path("directory/", directory.Directory.as_view(), name="directory"),
    path(
        "directory/export.<str:ending>",
        directory.DirectoryExport.as_view(),
        name="directory_export",
    ),
    path("search/", search.SiteSearch.as_view(), name="site_search"),
    path("about/", public.About.as_view(), name="about"),
    path("municipalities/", public.PrefectureList.as_view(), name="prefecture_list"),
    path(
        "municipalities/<slug:code>/", public.MunicipalityList.as_view(), name="municipality_list"
    ),
    path(
        "municipalities/<slug:code>/export.<str:ending>",
        downloads.MunicipalityExport.as_view(),
        name="municipality_export",
    ),
    path(
        "organizations/export.<str:ending>",
        downloads.OrganizationExport.as_view(),
        name="organization_export",
    ),
    path(
        "organizations/<int:pk>/", public.OrganizationDetail.as_view(), name="organization_detail"
    ),
    path(
        "collaborations/<int:pk>/chain/",
        chain.CollaborationChain.as_view(),
        name="collaboration_chain",
    ),
    path("statistics/", statistics.Statistics.as_view(), name="statistics"),
    path(
        "statistics/<slug:figure>.<str:ending>",
        statistics.StatisticsExport.as_view(),
        name="statistics_export",
    ),
    path("timeline/", timeline.Timeline.as_view(), name="timeline"),
    path("timeline/<int:year>/", timeline.TimelineYear.as_view(), name="timeline_year"),
    path("timeline/export.<str:ending>", timeline.TimelineExport.as_view(), name="timeline_export"),
]
