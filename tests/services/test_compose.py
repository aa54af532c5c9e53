"""docker-compose.yml and Dockerfile: what they say, and what their commands do as processes of this machine.

No image is built. The commands run on the PostgreSQL and Redis of the tests, with the compose file's variables.
"""

from __future__ import annotations

import http.client
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
import yaml
from django.urls import reverse

from tests.services.servers import (
    create_database,
    drop_database,
    kept_running,
    spare_port,
    started_redis,
    wait_until,
)

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
HOST = "planner.example.gov"
BY_PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
# What an administrator writes into .env, as in .env.example.
DOT_ENV = {
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "POSTGRES_PASSWORD": "only-for-this-test",
    "ALLOWED_HOSTS": HOST,
    "BASE_URL": f"https://{HOST}",
    "SECURITY_CONTACT": "mailto:security@example.gov",
}


def filled_in(text: str) -> str:
    """What compose makes of a value: `${NAME:?refusal}` and `${NAME:-default}` from DOT_ENV, `$$` as a dollar."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, sign, other = match.groups()
        return DOT_ENV[name] if name in DOT_ENV or sign == "?" else other

    return re.sub(r"\$\$|\$\{(\w+):([-?])([^}]*)\}", value, text)


def command(service: str) -> list[str]:
    return [filled_in(word) for word in SERVICES[service]["command"]]


def health_check(service: str) -> list[str]:
    how, *words = SERVICES[service]["healthcheck"]["test"]
    return ["sh", "-c", *map(filled_in, words)] if how == "CMD-SHELL" else [filled_in(word) for word in words]


def image_environment() -> dict[str, str]:
    """The variables of the image that is run: of the Dockerfile's last stage."""
    last = DOCKERFILE.split("\nFROM ")[-1]
    words = shlex.split(re.search(r"^ENV (.*)$", last, re.MULTILINE)[1])  # type: ignore[index]
    return dict(word.split("=", 1) for word in words)


def settings_variables() -> set[str]:
    return set(re.findall(r'\benv\.\w+\(\s*"(\w+)"', (ROOT / "ssoplanner" / "settings.py").read_text()))


# --- What the files say ---------------------------------------------------------------------------------------------


def test_the_compose_file_keeps_to_the_specification() -> None:
    check = [str(Path(sys.executable).with_name("check-jsonschema")), "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*check, "docker-compose.yml"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_secret_has_a_default() -> None:
    for service in SERVICES.values():
        for name, value in service["environment"].items() if "environment" in service else ():
            if re.search("SECRET|PASSWORD", name) or name == "DATABASE_URL":
                assert value is None or re.search(r"\$\{(SECRET_KEY|POSTGRES_PASSWORD):\?[^}]+\}", value), name
    given = dict(re.findall(r"^#?(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert {name for name in given if re.search("SECRET|PASSWORD", name) and given[name]} == set()


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_service_says_whether_it_is_well(service: str) -> None:
    healthcheck = SERVICES[service]["healthcheck"]
    runs_once = SERVICES[service]["restart"] == "no"
    assert healthcheck.get("disable", False) is runs_once
    assert bool(healthcheck.get("test")) is not runs_once


@pytest.mark.parametrize("service", ["web", "worker", "migrate"])
def test_our_processes_have_no_more_rights_than_they_need(service: str) -> None:
    assert SERVICES[service]["read_only"] is True
    assert SERVICES[service]["cap_drop"] == ["ALL"]
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["ssoplanner"]


def test_web_server_and_workers_share_the_folder_of_exported_files() -> None:
    folder = image_environment()["SSOPLANNER_VAR"]
    assert SERVICES["web"]["volumes"] == SERVICES["worker"]["volumes"] == [f"data:{folder}"]
    assert "data" in COMPOSE["volumes"]


@pytest.mark.parametrize("service", ["web", "worker"])
def test_nothing_starts_before_the_database_is_migrated(service: str) -> None:
    assert SERVICES[service]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_the_web_server_is_reached_from_outside_and_only_from_this_machine() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web"}
    assert filled_in(SERVICES["web"]["ports"][0]) == "127.0.0.1:8000:8000"


def test_the_image_alone_does_what_the_web_service_does() -> None:
    in_json = dict(re.findall(r"^(CMD|HEALTHCHECK.* CMD) (\[.*\])$", DOCKERFILE, re.MULTILINE))
    started, healthy = (yaml.safe_load(in_json[key]) for key in sorted(in_json))
    assert started == command("web")
    assert [" ".join(word.split()) for word in healthy] == health_check("web")


def test_pg_dump_is_as_old_as_the_database() -> None:
    client = re.search(r"postgresql-client-(\d+)", DOCKERFILE)
    assert client
    assert SERVICES["postgres"]["image"].startswith(f"postgres:{client[1]}-")


def test_every_variable_is_set_or_explained() -> None:
    explained = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "deployment.md").read_text(), re.MULTILINE))
    passed_on = set(SERVICES["web"]["environment"]) | set(image_environment())
    asked_for = set(re.findall(r"\$\{(\w+):", (ROOT / "docker-compose.yml").read_text()))

    assert settings_variables() - explained == set()
    assert explained - settings_variables() - asked_for == set()
    only_elsewhere = {"SSOPLANNER_DEBUG"}  # has no effect in production
    assert settings_variables() - passed_on == only_elsewhere


# --- What the commands do -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: str

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]


@dataclass(frozen=True)
class Installation:
    """The variables of the compose file with this machine's addresses in them, and the port of the web server."""

    environment: dict[str, str]
    port: int
    folder: Path

    def here(self, words: list[str]) -> list[str]:
        """A command of the compose file, with the container's address exchanged for one of this machine's."""
        return [
            re.sub(r"0\.0\.0\.0:8000", f"127.0.0.1:{self.port}", word).replace("8000", str(self.port)) for word in words
        ]

    def run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.here(words), cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )

    @contextmanager
    def service(self, name: str, **environment: str) -> Iterator[None]:
        """The service's command as a process, until its own health check is content."""
        log = self.folder / f"{name}.log"
        with kept_running(self.here(command(name)), log, environment=self.environment | environment) as process:
            wait_until(lambda: self.run(health_check(name)).returncode == 0, process, log)
            yield

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers)

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: str | None = None) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request(method, path, body=body, headers={"Host": HOST, **headers})
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read().decode("utf-8", "replace"))

    def get_by_proxy(self, path: str) -> Answer:
        """As a reverse proxy of our own asks, which speaks TLS with the visitor."""
        return self.ask("GET", path, BY_PROXY)


def compose_environment() -> dict[str, str]:
    given = {name: value for name, value in SERVICES["web"]["environment"].items() if value is not None}
    return image_environment() | {name: filled_in(str(value)) for name, value in given.items()}


def collect_static(environment: Mapping[str, str]) -> None:
    """Run the Dockerfile's own line, with nothing in the environment but what it sets itself."""
    (line,) = re.findall(r"^RUN (.*collectstatic.*)$", DOCKERFILE, re.MULTILINE)
    given = {name: environment[name] for name in ("PATH", "SSOPLANNER_VAR", "SSOPLANNER_STATIC")}
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def installation(postgres_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Static files collected, database migrated, nothing running yet."""
    folder, database = tmp_path_factory.mktemp("compose"), create_database(postgres_url)
    (folder / "var").mkdir()
    assets = Path(os.environ.get("SSOPLANNER_VAR", ROOT / "var")) / "assets"
    assert assets.is_dir() and any(assets.iterdir()), "fonts and icons are missing: `make test` brings them"
    (folder / "var" / "assets").symlink_to(assets, target_is_directory=True)
    this_machine = {
        "DATABASE_URL": database,
        "REDIS_URL": redis_url,
        "SSOPLANNER_VAR": str(folder / "var"),
        "SSOPLANNER_STATIC": str(folder / "static"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOSTNAME": socket.gethostname(),
    }
    installation = Installation(compose_environment() | this_machine, spare_port(), folder)
    (folder / "static").mkdir()
    collect_static(installation.environment)
    migrated = installation.run(command("migrate"))
    assert migrated.returncode == 0, migrated.stderr
    yield installation
    drop_database(postgres_url, database)


@pytest.fixture(scope="module")
def web(installation: Installation) -> Iterator[Installation]:
    with installation.service("web"):
        yield installation


def test_the_web_server_says_that_it_is_well(web: Installation) -> None:
    answer = web.get("/healthz")

    assert (answer.status, answer.body) == (200, '{"ok": true}')


def test_plain_http_is_sent_to_https(web: Installation) -> None:
    answer = web.get("/")

    assert (answer.status, answer.all("location")) == (301, [f"https://{HOST}/"])


def test_other_host_names_are_refused(web: Installation) -> None:
    assert web.get("/healthz", Host="other.example.org").status == 400


def test_the_sign_in_page_is_safe_behind_the_proxy(web: Installation) -> None:
    page = web.get_by_proxy(reverse("account_login"))

    assert page.status == 200
    assert page.all("strict-transport-security") == ["max-age=31536000; includeSubDomains; preload"]
    cookies = page.all("set-cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "Path=/" in cookie


def test_failed_sign_ins_are_counted_by_the_address_that_the_proxy_saw(web: Installation) -> None:
    """The visitor may write whatever they like before it."""
    path = reverse("account_login")
    page = web.get_by_proxy(path)
    (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body))
    headers = {
        **BY_PROXY,
        "X-Forwarded-For": "203.0.113.66, 198.51.100.7",
        "Referer": f"https://{HOST}{path}",
        "Cookie": "; ".join(cookie.split(";")[0] for cookie in page.all("set-cookie")),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"csrfmiddlewaretoken": token, "login": "maria@example.gov", "password": "guessed"})

    assert web.ask("POST", path, headers, body).status == 200
    with psycopg.connect(web.environment["DATABASE_URL"]) as connection:
        counted = connection.execute("SELECT username, host(ip_address) FROM axes_accessattempt").fetchall()
    assert counted == [("maria@example.gov", "198.51.100.7")]


def test_static_files_carry_their_content_in_their_names_and_are_there(web: Installation) -> None:
    page = web.get_by_proxy(reverse("account_login")).body
    addresses = {address.split("#")[0] for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page)}

    assert addresses
    for address in addresses:
        answer = web.get_by_proxy(address)
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address), address
        assert answer.status == 200, address
        assert answer.all("cache-control") == ["max-age=315360000, public, immutable"]


def test_the_health_check_of_a_stopped_web_server_fails(installation: Installation) -> None:
    elsewhere = Installation(installation.environment, spare_port(), installation.folder)

    assert elsewhere.run(health_check("web")).returncode != 0


def test_the_web_server_needs_no_redis(installation: Installation, tmp_path: Path) -> None:
    elsewhere = Installation(installation.environment, spare_port(), tmp_path)

    with ExitStack() as redis, ExitStack() as web:
        address = redis.enter_context(started_redis(tmp_path / "redis"))
        web.enter_context(elsewhere.service("web", REDIS_URL=address))
        redis.close()
        assert elsewhere.get("/healthz").status == 200
        assert elsewhere.get_by_proxy(reverse("account_login")).status == 200


def test_the_health_check_tells_a_worker_at_work_from_one_that_is_gone(installation: Installation) -> None:
    with installation.service("worker"):
        assert "pong" in installation.run(health_check("worker")).stdout

    assert installation.run(health_check("worker")).returncode != 0


def test_the_health_check_tells_a_worker_that_takes_no_messages(installation: Installation, tmp_path: Path) -> None:
    """A worker whose Redis is gone still runs, and still looks into the database, but its health check says so."""
    with ExitStack() as redis:
        address = redis.enter_context(started_redis(tmp_path))
        alone = Installation(installation.environment | {"REDIS_URL": address}, installation.port, tmp_path)
        with alone.service("worker"):
            redis.close()
            assert alone.run(health_check("worker")).returncode != 0
