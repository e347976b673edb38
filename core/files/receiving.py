"""What is uploaded: checked, kept, and given to a record."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils import timezone

from core import audit
from core.enums import Level
from core.errors import DomainError
from core.file_names import clean_name, size_text
from core.files import images, storage
from core.files.kinds import MAX_FILE_BYTES, MAX_LOOSE_BYTES, MAX_RECORD_BYTES, FileRefused, Unfit
from core.files.recognition import recognise
from core.models import Attachment

GONE = "先に選んだファイルの一部が、時間がたったため残っていません。もう一度選んでください"
TOO_MUCH = f"添付ファイルは、合わせて{size_text(MAX_RECORD_BYTES)}以内にしてください"
# What a record has given up is nobody's: nobody reads it, and nobody attaches it again.
NOBODY = 0
_LONGEST_NAME = 400


@dataclass(frozen=True)
class Uploader:
    """Whose upload it is: the account, which alone may use it, and the label that is kept."""

    pk: int
    label: str

    @classmethod
    def of(cls, actor: audit.Actor) -> "Uploader":
        """Of a seat, of the break-glass account, or of an account itself."""
        identity = actor.audit_identity()
        label = f"{identity.organization}　{identity.office}".strip()
        account: Any = getattr(actor, "user", actor)
        return cls(account.pk, label[:200])


@dataclass(frozen=True)
class FileChange:
    """What a form says of a record's files: which come, which go, who may read which."""

    added: list[Attachment] = field(default_factory=list)
    removed: list[Attachment] = field(default_factory=list)
    levels: dict[UUID, Level] = field(default_factory=dict)
    # As the record will have them, for a check page.
    outcome: list[Attachment] = field(default_factory=list)


def receive(upload: UploadedFile, *, by: Uploader, level: Level) -> Attachment:
    """Checks an upload and keeps it, loose until ``apply_change`` gives it to a record.

    Raises ``FileRefused`` with the sentence for the field; then nothing is kept.
    """
    name = clean_name(getattr(upload, "original_name", upload.name or ""))
    try:
        if len(name) > _LONGEST_NAME:
            raise Unfit(f"は、名前が長すぎます。{_LONGEST_NAME}文字以内にしてください")
        # One byte more than allowed tells that there is too much.
        data = upload.read(MAX_FILE_BYTES + 1)
        kind = recognise(data, name)
        if Attachment.objects.loose_of(by).bytes() + len(data) > MAX_LOOSE_BYTES:
            raise Unfit(
                "は、今は受け付けられません。前に選んだファイルのフォームを先に送信してください"
            )
        picture = images.remake(data, kind) if images.is_picture(kind) else None
    except Unfit as refusal:
        shown = name if len(name) <= _LONGEST_NAME else f"{name[:20]}…"
        raise FileRefused(shown, refusal.reason) from refusal
    kept = picture.data if picture else data
    return Attachment.objects.create(
        name=name,
        kind=kind,
        level=level,
        size=len(kept),
        sha256=hashlib.sha256(kept).hexdigest(),
        stored_name=storage.keep(kept),
        thumbnail_name=storage.keep(picture.thumbnail) if picture else "",
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        uploaded_by=by.label,
        uploader_id=by.pk,
    )


def apply_change(record: models.Model, wanted: FileChange) -> dict[str, audit.Change]:
    """Carries out what a form says, in the caller's transaction; returns what has changed.

    The caller writes the audit row with it (``{}``: nothing changed). Raises ``DomainError``
    when an upload is gone by now, or the record would hold too much.
    """
    # Held, so that two forms at once do not exceed the record's limit together.
    type(record)._base_manager.select_for_update().get(pk=record.pk)
    before = texts_of(record)
    _give(record, wanted.added)
    gone = Attachment.objects.of(record).filter(pk__in=[row.pk for row in wanted.removed])
    gone.update(owner_type=None, owner_id=None, loose_since=timezone.now(), uploader_id=NOBODY)
    for key, level in wanted.levels.items():
        Attachment.objects.of(record).filter(key=key).exclude(level=level).update(level=level)
    if wanted.added and Attachment.objects.of(record).bytes() > MAX_RECORD_BYTES:
        raise DomainError(TOO_MUCH)
    after = texts_of(record)
    return {"attachments": audit.Change(before, after)} if before != after else {}


def _give(record: models.Model, added: list[Attachment]) -> None:
    """Gives the uploads to the record; the daily run may have deleted them meanwhile."""
    loose = Attachment.objects.exclude(loose_since=None)
    for row in added:
        given = loose.filter(pk=row.pk, uploader_id=row.uploader_id).update(
            owner_type=ContentType.objects.get_for_model(record),
            owner_id=record.pk,
            loose_since=None,
        )
        if not given:
            raise DomainError(GONE)


def texts_of(record: models.Model) -> list[str]:
    """The record's files in words, for the history: 趣意書（PDF、90KB）／会員."""
    rows = Attachment.objects.of(record)
    return [f"{row.link_text}／{row.get_level_display()}" for row in rows]
