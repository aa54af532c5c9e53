"""Called in a process with production's settings: sign in over https, and print as JSON what the browser was told."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from django.core.management import call_command
from django.test import Client, override_settings

from ssoplanner.access.invitations import new_account
from tests.world import PASSWORD

EMAIL = "ann@example.gov"
HOST = {"host": "ssoplanner.example.gov", "origin": "https://ssoplanner.example.gov"}
# The collected and hashed files are the image's; here the pages need only their names.
PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@override_settings(STORAGES=PLAIN_FILES)
def main() -> None:
    call_command("createcachetable")
    new_account(email=EMAIL, name="Ann", password=PASSWORD)
    client = Client(headers=HOST, enforce_csrf_checks=True)
    answers = {
        "over http": client.get("/account/?a=b"),
        "health over http": client.get("/healthz"),
        "sign-in": client.get("/accounts/login/", secure=True),
        "security.txt": client.get("/.well-known/security.txt", secure=True),
        "signed in": send(client, "/accounts/login/", {"login": EMAIL, "password": PASSWORD}),
        "renamed": send(client, "/account/", {"name": "Ann Other"}),
    }
    cookies = {name: {key: value for key, value in cookie.items() if value} for name, cookie in client.cookies.items()}
    json.dump({"answers": {name: told(found) for name, found in answers.items()}, "cookies": cookies}, sys.stdout)


def send(client: Client, path: str, typed: dict[str, str]) -> Any:
    """The answer to the form of a page, sent with its protection code."""
    code = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(path, secure=True).content.decode())
    assert code is not None
    return client.post(path, {**typed, "csrfmiddlewaretoken": code[1]}, secure=True)


def told(response: Any) -> dict[str, Any]:
    return {"status": response.status_code, "headers": dict(response.headers), "text": response.content.decode()}
