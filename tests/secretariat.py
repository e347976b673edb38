"""People of the secretariat for the admin's tests, and one row of every model it shows."""

import csv
import io
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core.audit import System, record
from members.enums import Action, Role
from members.models import Seat, User
from members.record.basics import load_group
from tests.factories import agreements, chronicle, core, events, members, proposals


def secretary(*groups: str) -> Seat:
    """A secretariat seat whose user is in ``groups``; without any, in both that may write."""
    seat = members.SeatFactory(
        office__organization=members.SecretariatFactory(),
        office__is_main=False,
        role=Role.STAFF,
    )
    seat.user.groups.set(map(load_group, groups or ("会員登録", "プロジェクト")))
    return seat


def secretary_client(*groups: str) -> Client:
    """A browser in which ``secretary(*groups)`` is logged in."""
    return client_for(secretary(*groups).user)


def break_glass_client() -> Client:
    """A browser of the superuser who has no seat."""
    return client_for(User.objects.create_superuser("break-glass@example.jp"))


def client_for(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def audit_entry() -> Model:
    return record(Action.EDIT, members.ThemeFactory(), by=System("見本"))


def reported() -> Model:
    """A year's report of a joint project with a ward and a partner."""
    report = agreements.YearReportFactory()
    for side, body in (("ward", members.WardFactory()), ("partner", members.OrganizationFactory())):
        agreements.CollaborationPartyFactory(
            collaboration=report.collaboration, organization=body, side=side
        )
    return report


def submitted() -> Model:
    """A year's report that a ward has submitted."""
    report = agreements.YearReportStepFactory().report
    agreements.CollaborationPartyFactory(
        collaboration=report.collaboration, organization=members.WardFactory(), side="ward"
    )
    return report


def received_relief() -> Model:
    """Relief that a municipality received."""
    return chronicle.ReliefFactory(recipients=[members.OrganizationFactory()])


def happened_elsewhere_too() -> Model:
    """A milestone that is the same happening as records of other rooms."""
    milestone = chronicle.MilestoneFactory()
    milestone.organizations.add(members.OrganizationFactory())
    milestone.agreements.add(agreements.AgreementFactory())
    milestone.collaborations.add(agreements.CollaborationFactory())
    milestone.events.add(events.EventFactory())
    milestone.disasters.add(chronicle.DisasterFactory())
    return milestone


# One row of each model that the admin shows.
ROWS: dict[str, Callable[[], Model]] = {
    "agreements.agreement": lambda: agreements.PartyFactory().agreement,
    "agreements.collaboration": lambda: reported().collaboration,
    "agreements.yearreport": submitted,
    "auth.group": lambda: Group.objects.create(name=f"見本{Group.objects.count()}"),
    "chronicle.disaster": lambda: received_relief().disaster,
    "chronicle.milestone": happened_elsewhere_too,
    "chronicle.news": chronicle.NewsFactory,
    "chronicle.page": chronicle.PageFactory,
    "chronicle.relief": received_relief,
    "chronicle.statedfigure": chronicle.StatedFigureFactory,
    "core.auditentry": audit_entry,
    "core.auditseal": core.AuditSealFactory,
    "core.outboxmail": core.OutboxMailFactory,
    "core.missedsearch": core.MissedSearchFactory,
    "core.source": core.SourceFactory,
    "core.synonymset": core.SynonymSetFactory,
    "core.undeliverableaddress": core.UndeliverableAddressFactory,
    "events.event": lambda: events.EventRoleFactory().event,
    "members.campaign": members.CampaignFactory,
    "members.handover": members.HandoverFactory,
    "members.invitation": members.InvitationFactory,
    "members.application": members.ApplicationFactory,
    "members.loginchange": members.LoginChangeFactory,
    "members.membership": members.MembershipFactory,
    "members.municipality": lambda: members.OrganizationFactory().municipality,
    "members.municipalitychange": members.MunicipalityChangeFactory,
    "members.office": members.OfficeFactory,
    "members.organization": members.OrganizationFactory,
    "members.prefecture": members.PrefectureFactory,
    "members.seat": members.SeatFactory,
    "members.theme": members.ThemeFactory,
    "members.user": lambda: members.SeatFactory().user,
    "proposals.offer": proposals.OfferFactory,
    "proposals.proposal": proposals.ProposalFactory,
    "proposals.reply": proposals.ReplyFactory,
    "proposals.report": proposals.ReportFactory,
}
REGISTERED = sorted(model._meta.label_lower for model in admin.site._registry)


def url(label: str, page: str, *args: object) -> str:
    """The address of an admin page: ``url("members.office", "change", 3)``; exports as CSV."""
    arguments = args or ("csv",) if page == "export" else args
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=arguments)


def typed(response: HttpResponse, **changes: Any) -> dict[str, Any]:
    """What a browser would post from an admin page: all its fields, with ``changes``.

    None leaves a field out, as an unticked box is.
    """
    context = response.context
    forms = [context["adminform"].form]
    for inline in context.get("inline_admin_formsets", []):
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {bound.html_name: _sent(bound.value()) for form in forms for bound in form}
    data |= {name: context.get(name) for name in ("token", "version")} | changes
    return {name: value for name, value in data.items() if value is not None}


def _sent(value: Any) -> Any:
    if value is None or value is False:
        return None
    if isinstance(value, (list, tuple)):
        return [str(getattr(item, "pk", item)) for item in value]
    return str(value)


PURPOSE = "総会の案内を郵送するため"


def exported(client: Client, address: str, purpose: str = PURPOSE) -> HttpResponse:
    """A file of the admin; where it holds contacts, with the purpose that its page asks for."""
    answer = client.get(address)
    asks = answer.context is not None and "extract" in answer.context
    return client.post(address, {"purpose": purpose}) if asks else answer


def opened(response: HttpResponse) -> bytes:
    """What a page or a download that opens is made of."""
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content


def csv_of(response: HttpResponse) -> list[list[str]]:
    """The table of a download, its heading first; it begins with the byte order mark."""
    text = b"".join(response).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def sentences(response: HttpResponse) -> list[str]:
    """The messages that a page shows."""
    return [str(message) for message in response.context["messages"]]
