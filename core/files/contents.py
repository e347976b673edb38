"""The table of contents of an office file of today, ``[Content_Types].xml`` (ECMA-376-2, 10.1)."""

from xml.parsers import expat

from core.files.kinds import BROKEN, Unfit

NAME = "[Content_Types].xml"


def plain_name(name: str) -> str:
    """The name of a part as Office compares it: any slashes, any case."""
    steps = name.replace("\\", "/").lower().split("/")
    return "/".join(step for step in steps if step not in ("", "."))


class Contents:
    """Which type every part has. Raises ``Unfit`` for what is not plain XML.

    Types are in lower case and without parameters.
    """

    def __init__(self, data: bytes) -> None:
        self.said: set[str] = set()
        self._overrides: dict[str, str] = {}
        self._defaults: dict[str, str] = {}
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._read
        # Without a DTD there is nothing to expand and nowhere to lead.
        parser.StartDoctypeDeclHandler = _refuse
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise Unfit(BROKEN) from error

    def type_of(self, part: str) -> str:
        """The type of a part by its ``plain_name``; empty when none is given."""
        extension = part.rpartition("/")[2].rpartition(".")[2]
        return self._overrides.get(part) or self._defaults.get(extension, "")

    def _read(self, tag: str, attributes: dict[str, str]) -> None:
        # Whatever stands anywhere counts as said: a type that one program skips, another takes.
        self.said.update(value.lower() for value in attributes.values())
        kind = attributes.get("ContentType", "").partition(";")[0].strip().lower()
        local = tag.rpartition(":")[2]
        if local == "Override":
            _note(self._overrides, plain_name(attributes.get("PartName", "")), kind)
        elif local == "Default":
            _note(self._defaults, attributes.get("Extension", "").lower(), kind)


def _note(types: dict[str, str], key: str, kind: str) -> None:
    if types.setdefault(key, kind) != kind:
        raise Unfit(BROKEN)


def _refuse(*_: object) -> None:
    raise Unfit(BROKEN)
