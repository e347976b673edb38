"""A security key made of software, written from WebAuthn Level 2, not from the code under test.

It keeps no secret from the test: it signs what it is given, says that its holder was verified
or was not, and names whichever account it is told to.
"""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

from members.models import User

HOST = "testserver"
# The flags of authenticator data (6.1).
PRESENT, VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SoftwareKey:
    """A key of ``user``, registered with the portal."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.id = secrets.token_bytes(16)
        # What the portal calls the account when it asks for a registration.
        self.handle = user_pk_to_url_str(user).encode()
        self._private = ec.generate_private_key(ec.SECP256R1())
        WebAuthn.add(user, "キー", self._registration())

    def answer(self, options: dict[str, Any], *, verified: bool) -> str:
        """What the browser posts as ``credential`` after the key was asked by ``options``.

        The holder has touched it; ``verified`` tells whether there was a PIN, finger or face.
        """
        challenge = options["publicKey"]["challenge"]
        client_data = self._client_data("webauthn.get", challenge)
        data = self._data(PRESENT | (VERIFIED if verified else 0))
        signed = data + hashlib.sha256(client_data).digest()
        return self._credential(
            clientDataJSON=encoded(client_data),
            authenticatorData=encoded(data),
            signature=encoded(self._private.sign(signed, ec.ECDSA(hashes.SHA256()))),
            userHandle=encoded(self.handle),
        )

    def _registration(self) -> dict[str, Any]:
        numbers = self._private.public_key().public_numbers()
        # A key of the kind ES256 (RFC 9053, 7.1.1).
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        named = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor.encode(public)
        data = self._data(PRESENT | HAS_CREDENTIAL) + named
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        client_data = self._client_data("webauthn.create", encoded(secrets.token_bytes(32)))
        credential = self._credential(
            clientDataJSON=encoded(client_data), attestationObject=encoded(cbor.encode(statement))
        )
        return json.loads(credential)

    def _credential(self, **response: str) -> str:
        number = encoded(self.id)
        return json.dumps(
            {"id": number, "rawId": number, "type": "public-key", "response": response}
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        origin = f"https://{HOST}"
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()

    def _data(self, flags: int) -> bytes:
        """Authenticator data: the host, the flags, and a counter that never counts."""
        return hashlib.sha256(HOST.encode()).digest() + struct.pack(">BI", flags, 0)
