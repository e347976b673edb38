"""Files in a form: what was accepted stays, whatever else of the form is refused.

A file is checked and kept as soon as the form is sent, and listed above the control; the page
carries its key, and only the account that has uploaded it can give it to a record. So it is
there when another answer is refused, on the check page and behind 「修正する」, without a script.
A box 「外す」 takes a file out with the next sending. The service does the rest with the cleaned
value (``core.files.apply_change``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models

from core.audit import Actor
from core.enums import Level
from core.file_names import clean_name, extension_of
from core.files import HINT, FileChange, FileRefused, Uploader, receive
from core.files.images import is_picture
from core.files.kinds import BY_EXTENSION, MAX_RECORD_BYTES, NO_PICTURE, PICTURE_HINT
from core.files.receiving import GONE, TOO_MUCH
from core.forms.fields import Described
from core.models import Attachment

type UrlOf = Callable[[Attachment], str]

# More keys than any form lists are a forgery.
_MOST_KEYS = 500


@dataclass(frozen=True)
class Sent:
    """What was posted: new files, the keys that the page carried, the boxes that were ticked."""

    files: list[UploadedFile]
    carried: list[UUID]
    removed: set[UUID]
    levels: dict[UUID, str]
    new_level: str


@dataclass(frozen=True)
class Listed:
    """A file above the control; ``is_loose`` while it belongs to no record."""

    attachment: Attachment
    url: str
    level: str
    levels: tuple[Level, ...]
    is_loose: bool
    is_removed: bool = False


class AttachmentsInput(forms.FileInput):
    """The accepted files with 「外す」, and the control for more."""

    template_name = "components/attachments.html"
    allow_multiple_selected = True
    levels: tuple[Level, ...] = ()

    class Media:
        css = {"all": ["css/files.css"]}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        posted = data.getlist if hasattr(data, "getlist") else lambda key: _as_list(data.get(key))
        uploads = files.getlist(name) if hasattr(files, "getlist") else _as_list(files.get(name))
        # Every file that stands on the page has its level there, of a record or not.
        prefix = f"{name}-level-"
        levels = {
            key: data[field]
            for field in data
            if field.startswith(prefix)
            for key in _keys([field.removeprefix(prefix)])
        }
        return Sent(
            files=uploads,
            carried=_keys(posted(f"{name}-kept")),
            removed=set(_keys(posted(f"{name}-removed"))),
            levels=levels,
            new_level=data.get(f"{name}-level", ""),
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def format_value(self, value: list[Listed] | None) -> list[Listed]:
        return value or []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "rows": self.format_value(value),
            "levels": self.levels if len(self.levels) > 1 else (),
            "new_level": getattr(self, "new_level", self.levels[0] if self.levels else ""),
        }
        return context


class AttachmentsField(Described, forms.Field):
    """Files of a record; the cleaned value is a ``FileChange``.

    ``levels`` are those that a file may have: with one there is nothing to choose. The form
    calls ``open_for`` (``AttachmentsForm`` does so) before anything is read.
    """

    widget = AttachmentsInput
    default_error_messages = {"required": "Choose a file."}
    portal_messages = {"required": "{name}のファイルを選んでください"}

    def __init__(self, *, levels: tuple[Level, ...] = (Level.MEMBERS,), **kwargs: Any) -> None:
        kwargs = {"label": "添付ファイル", "help_text": HINT, "required": False, **kwargs}
        super().__init__(**kwargs)
        self.levels = self.widget.levels = levels
        self.uploader: Uploader | None = None
        self.existing: list[Attachment] = []
        self.url_of: UrlOf = Attachment.get_absolute_url
        self._listed: list[Listed] | None = None
        self._change = FileChange()

    def open_for(self, by: Actor, record: models.Model | None, url_of: UrlOf | None) -> None:
        """Says who uploads, whose files are there already, and where those are read."""
        self.uploader = Uploader.of(by)
        self.url_of = url_of or self.url_of
        if record is not None and record.pk:
            self.existing = list(Attachment.objects.of(record))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        accepted = ",".join(f".{extension}" for extension in BY_EXTENSION)
        return {"accept": accepted, "multiple": "multiple"}

    def clean(self, value: Sent) -> FileChange:
        """Keeps what is accepted; raises ``ValidationError`` with the reason for each other file."""
        errors: list[str] = []
        carried = self._carried_rows(value, errors)
        staying = [row for row in self.existing if row.key not in value.removed]
        added = [row for row in carried if row.key not in value.removed]
        self.widget.new_level = level = self._level(value.new_level) or self.levels[0]
        self._receive(value.files, level, [*staying, *added], added, errors)
        staying, added = self._kept(staying, added)
        levels = {
            row.key: chosen
            for row in (*staying, *added)
            if (chosen := self._level(value.levels.get(row.key, "")))
        }
        removed = [row for row in self.existing if row not in staying]
        self._change = FileChange(added, removed, levels, [*staying, *added])
        self._list()
        if not errors and self.required and not self._change.outcome:
            errors.append(self.error_messages["required"])
        if errors:
            raise ValidationError([ValidationError(error) for error in errors])
        return self._change

    def _carried_rows(self, value: Sent, errors: list[str]) -> list[Attachment]:
        """The uploads that the page carried, if they are this account's and still there."""
        if not value.carried:
            return []
        own = Attachment.objects.loose_of(self.uploader)
        found = {row.key: row for row in own.filter(key__in=value.carried[:_MOST_KEYS])}
        if any(key not in found and key not in value.removed for key in value.carried):
            errors.append(GONE)
        return [found[key] for key in dict.fromkeys(value.carried) if key in found]

    def _receive(
        self,
        files: list[UploadedFile],
        level: Level,
        before: list[Attachment],
        added: list[Attachment],
        errors: list[str],
    ) -> None:
        """Keeps each file that is taken, as long as the record does not grow too large."""
        total = sum(row.size for row in before)
        for file in files:
            try:
                if total + (file.size or 0) > MAX_RECORD_BYTES:
                    raise FileRefused(_name(file), f"を加えられません。{TOO_MUCH}")
                row = self._take(file, level)
                # Made anew, a picture may be larger than what was sent.
                if total + row.size > MAX_RECORD_BYTES:
                    raise FileRefused(row.name, f"を加えられません。{TOO_MUCH}")
            except FileRefused as refusal:
                errors.append(str(refusal))
            else:
                added.append(row)
                total += row.size

    def _take(self, file: UploadedFile, level: Level) -> Attachment:
        """Keeps one file. Raises ``FileRefused``."""
        return receive(file, by=self.uploader, level=level)

    def _kept(
        self, staying: list[Attachment], added: list[Attachment]
    ) -> tuple[list[Attachment], list[Attachment]]:
        """What the record is to have of its own files and of the new ones: all of them."""
        return staying, added

    def _level(self, value: str) -> Level | None:
        return Level(value) if value in self.levels else None

    def _list(self) -> None:
        """Prepares what stands above the control, from what the sending has come to."""
        change = self._change
        loose = {row.pk for row in change.added}
        removed = {row.pk for row in change.removed}
        self._listed = [
            Listed(
                attachment=row,
                url=self.url_of(row) if row.pk not in loose else row.get_absolute_url(),
                level=change.levels.get(row.key, row.level),
                # With its own, where that is none of the form's: it must not change unseen.
                levels=tuple(dict.fromkeys((*self.levels, Level(row.level)))),
                is_loose=row.pk in loose,
                is_removed=row.pk in removed,
            )
            for row in (*self.existing, *change.added)
        ]

    def prepare_value(self, value: Any) -> list[Listed]:
        """The list above the control; what the browser has chosen cannot be shown again."""
        if self._listed is None:
            self._list()
        return self._listed or []

    def carried(self, name: str) -> list[tuple[str, str]]:
        """What a check page carries: keys instead of files."""
        change = self._change
        return [
            *((f"{name}-kept", str(row.key)) for row in change.added),
            *((f"{name}-removed", str(row.key)) for row in change.removed),
            *((f"{name}-level-{key}", level) for key, level in change.levels.items()),
        ]

    def display(self, value: FileChange | None) -> list[str]:
        return [row.link_text for row in value.outcome] if value else []

    def has_changed(self, initial: Any, data: Sent) -> bool:
        return bool(data.files or data.carried or data.removed)


class PictureInput(AttachmentsInput):
    """The picture with 「外す」, and the control for another one."""

    allow_multiple_selected = False


class PictureField(AttachmentsField):
    """One picture of a record; a new one takes the place of the former.

    The cleaned value is a ``FileChange`` as well.
    """

    widget = PictureInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"label": "写真", "help_text": PICTURE_HINT, "levels": (Level.PUBLIC,), **kwargs}
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        pictures = [end for end, kind in BY_EXTENSION.items() if is_picture(kind)]
        return {"accept": ",".join(f".{extension}" for extension in pictures)}

    def _take(self, file: UploadedFile, level: Level) -> Attachment:
        kind = BY_EXTENSION.get(extension_of(_name(file)))
        if kind is not None and not is_picture(kind):
            raise FileRefused(_name(file), NO_PICTURE)
        return super()._take(file, level)

    def _kept(
        self, staying: list[Attachment], added: list[Attachment]
    ) -> tuple[list[Attachment], list[Attachment]]:
        return ([], added[-1:]) if added else (staying[-1:], [])


class AttachmentsForm:
    """Mixed into a form with an ``AttachmentsField``: says whose uploads they are.

    Takes ``by``, the seat that acts, or has it as an attribute; the record is its instance.
    ``url_of`` leads to a file of the record where its own address is not for this reader.
    """

    by: Actor
    url_of: UrlOf | None = None

    def __init__(self, *args: Any, by: Actor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, AttachmentsField):
                field.open_for(by or self.by, getattr(self, "instance", None), self.url_of)


def _keys(values: list[str]) -> list[UUID]:
    """The values that are keys; a forged one names no file."""
    keys = []
    for value in values:
        try:
            keys.append(UUID(value))
        except ValueError:
            continue
    return keys


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def _name(file: UploadedFile) -> str:
    return clean_name(getattr(file, "original_name", file.name or ""))
