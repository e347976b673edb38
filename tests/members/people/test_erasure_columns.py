"""Every column that can hold a name or an address says what becomes of it.

A new text column of any table fails here until its table has it under one of the headings.
"""

from django.apps import apps
from django.db import models

# Erased with the person (``services.erase_people``), or with the period of all.
ERASED = """
account.EmailAddress email
account.EmailConfirmation key
core.AuditPersonal salt values
core.MailLink code_digest kind to
core.OutboxMail body last_error subject to unsubscribe_url
core.UndeliverableAddress address reason
members.Application called_by called_whom
members.ApplicationPerson email family_name given_name
members.Handover email family_name given_name note reason
members.Invitation email family_name given_name reason
members.LoginChange after before changed_by
members.User email family_name given_name password
mfa.Authenticator data
notices.Notice key text url
usersessions.UserSession data ip session_key user_agent
"""

# Deleted within days, whoever it is about (``core.tidying``).
SHORT_LIVED = """
core.MissedSearch place words
core.SheetUpload kind name rows
core.Submission result_url
django_tasks_database.DBTaskResult args_kwargs backend_name exception_class_path queue_name
django_tasks_database.DBTaskResult return_value task_path traceback worker_ids
sessions.Session session_data session_key
"""

# Sealed: rows of the log are never changed. Names stand in the side rows; what somebody typed
# as a reason is what the office did, and stays with it.
LOG = """
core.AuditEntry action actor_office actor_organization actor_role changes object_id object_label
core.AuditEntry object_type personal_digests reason
core.AuditSeal previous value
core.SealedRow mark
"""

# Signatures: organization and office, as they were. They name nobody.
SIGNATURES = """
core.Attachment uploaded_by
agreements.YearReport signature
agreements.YearReportStep signature
members.Confirmation answered_by recorded_by
members.Handover sent_by
members.Invitation sent_by
members.Office confirmed_by
proposals.Offer signature
proposals.OfferStep signature
proposals.Proposal signature
proposals.ProposalStep signature
proposals.ProposalVersion signature
proposals.Reply signature
proposals.Report settled_by signature
proposals.TalkMessage signature
proposals.TalkOpening signature
"""

# The offices' own contacts, and what organizations and the secretariat wrote: content belongs to
# the organization, never to the person who typed it (domain.md).
ORGANIZATIONS = """
agreements.Agreement items note place status_as_of summary termination_reason title
agreements.AgreementParty name_at_signing
agreements.Collaboration funding note origin_text partner_text status_as_of status_reason summary
agreements.Collaboration title
agreements.YearReport result return_reason
agreements.YearReportStep reason
chronicle.Disaster name note printed_support printed_when printed_year
chronicle.Milestone detail note participants_text people place title
chronicle.News body title
chronicle.Page body slug title
chronicle.Relief note
chronicle.StatedFigure description metric note refers_to unit
core.Attachment name
core.OutboxMail key mailing
core.SynonymSet words
core.Source date_text issuer key note title url
events.Event address fee note participating_note speakers stated_theme status_reason summary
events.Event tagline title venue
events.EventRole body_text role
members.Application address called_number extension fax office_email office_name phone postal_code
members.Application provides purpose reason seeks
members.Campaign opening reminder
members.Municipality code district former_names kana name
members.MunicipalityChange current_name former_name note
members.Office address desk_heading email extension fax name note phone postal_code
members.OfficeRename name
members.Organization introduction kana name note picture_text provides seeks specialities website
members.Prefecture code code6 kana name region
members.ProfileLink label url
members.Succession kana
members.Theme name
proposals.Offer settled_reason
proposals.OfferDraft message
proposals.OfferStep reason
proposals.Proposal body budget conditions ending_reason hidden_reason place scale title
proposals.ProposalStep reason
proposals.ProposalVersion fields
proposals.Reply body hidden_reason
proposals.ReplyVersion body
proposals.Report outcome reason
proposals.TalkMessage body
proposals.TalkOpening reason
"""

# Written by the portal itself; the log of Django's admin never (``core.admin.saving``).
TECHNICAL = """
admin.LogEntry change_message object_id object_repr
auth.Group name
auth.Permission codename name
contenttypes.ContentType app_label model
core.Attachment sha256 stored_name thumbnail_name
core.DailyRun last_error name result
core.Heartbeat host name trouble
"""
# Written from the columns beside them (``core.search``), or keys of the record's data.
DERIVED = {"search_text", "profile_text", "record_digest", "record_id", "record_key"}

GROUPS = (ERASED, SHORT_LIVED, LOG, SIGNATURES, ORGANIZATIONS, TECHNICAL)
TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
    models.GenericIPAddressField,
)


def classified() -> list[tuple[str, str]]:
    lines = [line.split() for group in GROUPS for line in group.strip().splitlines()]
    return [(table, column) for table, *columns in lines for column in columns]


def text_columns() -> set[tuple[str, str]]:
    """Every column of every table that can hold a text of somebody's choice."""
    return {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, TEXTS) and not field.choices and field.name not in DERIVED
    }


def test_every_column_says_what_becomes_of_a_name_in_it():
    assert set(classified()) == text_columns()


def test_no_column_says_two_things():
    assert len(classified()) == len(set(classified()))
