"""Personal values as a link shows them without a login.

A gateway opens links by itself, and a mail is forwarded: whoever knows a value recognises it,
nobody else learns it.
"""

HIDDEN = "•••"


def masked_email(email: str) -> str:
    """``hanako@city.sakai.lg.jp`` as ``h•••@city.…``."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}{HIDDEN}@{domain.partition('.')[0]}.…" if domain else HIDDEN


def masked_phone(phone: str) -> str:
    """``0776-50-3010`` as ``07••-••-••10``: the first and the last two digits, and the hyphens."""
    places = [place for place, character in enumerate(phone) if character.isdigit()]
    hidden = set(places[2:-2])
    return "".join("•" if place in hidden else character for place, character in enumerate(phone))


def masked_extension(extension: str) -> str:
    """``2315`` as ``•••5``: the last character."""
    return "•" * (len(extension) - 1) + extension[-1:]


def masked_name(name: str) -> str:
    """``福井 一郎`` as ``福••• 一•••``: the first character of each part."""
    return " ".join(f"{part[:1]}{HIDDEN}" for part in name.split())
