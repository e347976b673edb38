"""The refusals that services raise; each carries a Japanese sentence for the user."""


class DomainError(Exception):
    """A business rule refuses the action. ``str(error)`` is the sentence to show."""


class StaleVersion(DomainError):
    """Somebody else has changed the row since the form was opened."""

    def __init__(self) -> None:
        super().__init__("ほかの担当者が先に更新しました。最新の内容を確認してください")


class NotAllowed(DomainError):
    """The seat that acts may not do this."""

    def __init__(self, message: str = "この操作は、今の担当では行えません") -> None:
        super().__init__(message)


class WrittenOnce(Exception):
    """A fault of the code: the named table's rows are never changed once they are written."""


def require(allowed: bool) -> None:
    """Raises ``NotAllowed`` unless ``allowed``."""
    if not allowed:
        raise NotAllowed


def given(reason: str) -> str:
    """The reason of an action, trimmed. Raises ``DomainError`` when there is none."""
    if not reason.strip():
        raise DomainError("理由を入力してください")
    return reason.strip()
