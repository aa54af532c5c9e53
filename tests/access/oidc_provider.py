"""A department's identity provider for tests: OpenID Connect on the loopback, in a thread, with keys of its own.

Nobody is asked anything: whoever comes to `authorize` is the person in `claims` and goes straight back. What a client
does wrong (a code used twice, another redirect address, a PKCE verifier that does not fit) is refused as it should be.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "ssoplanner-test"
CLIENT_SECRET = "not-a-secret"
KEY_ID = "key-1"


@dataclass
class Provider:
    """`claims` is who signs in next; `asked` lists the queries of `authorize`, `refused` what a client did wrong."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }

    def jwks(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}

    def authorize(self, query: dict[str, str]) -> str:
        """Where to send the browser back to, with a new code."""
        self.asked.append(query)
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """The tokens for a code, or None for a client that must not have them."""
        query = self.codes.pop(form.get("code", ""), {})
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        wrong = [
            name
            for name, right in (
                ("code", bool(query)),
                ("redirect_uri", form.get("redirect_uri") == query.get("redirect_uri")),
                ("client", (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)),
                ("pkce", query.get("code_challenge_method") == "S256" and query.get("code_challenge") == challenge),
            )
            if not right
        ]
        self.refused += wrong
        return None if wrong else {"access_token": "opaque", "token_type": "Bearer", "id_token": self.id_token()}

    def id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **self.claims}
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KEY_ID})


def made_settings(**environment: str) -> dict[str, Any]:
    """What settings.py makes of an environment: the parts that sign-in with this provider is about."""
    ask = (
        "import json; from ssoplanner import settings;"
        "names = ('SOCIALACCOUNT_PROVIDERS', 'CONTENT_SECURITY_POLICY');"
        "print(json.dumps({name: getattr(settings, name) for name in names}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", ask],
        env={**os.environ, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": CLIENT_SECRET, **environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    made: dict[str, Any] = json.loads(answer.stdout)
    return made


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider that answers as long as the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = _handler(provider)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="identity provider")
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self._answer(302, {}, Location=provider.authorize(query))
            elif parts.path == "/userinfo" and self.headers["Authorization"] != "Bearer opaque":
                self._answer(401, {"error": "invalid_token"})
            else:
                pages = {
                    "/.well-known/openid-configuration": provider.discovery,
                    "/jwks": provider.jwks,
                    "/userinfo": lambda: provider.claims,
                }
                page = pages.get(parts.path)
                self._answer(200, page()) if page else self._answer(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            tokens = provider.token({name: values[0] for name, values in parse_qs(body).items()})
            self._answer(200, tokens) if tokens else self._answer(400, {"error": "invalid_grant"})

        def _answer(self, status: int, content: dict[str, Any], **headers: str) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            """Nothing: a test's output is about the application."""

    return Handler
