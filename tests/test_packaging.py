"""What surrounds the package: pinned versions, no registry by name, the image, compose, the wheel."""

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mock_server.settings import read_settings

ROOT = Path(__file__).parent.parent

# In pieces, so that this file does not name them itself.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("crates", "io"),
    )
]
OTHER_REGISTRY = re.compile(
    r"https?://[^/\s]*(pypi|npm|registry|mirror|artifactory|nexus)[^/\s]*", re.IGNORECASE
)
REGISTRY_OPTION = "index" + "-url"


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    return [
        Requirement(line)
        for line in [*project["dependencies"], *(line for extra in extras for line in extra)]
    ]


def pulled_in(wanted: list[Requirement]) -> dict[str, str]:
    """The installed version of each requirement and of everything it pulls in, by normalized name."""
    versions: dict[str, str] = {}
    waiting = [(requirement.name, extra) for requirement in wanted for extra in ("", *requirement.extras)]
    seen = set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found = metadata.distribution(name)
        versions[canonicalize_name(name)] = found.version
        for needed in map(Requirement, found.requires or []):
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(needed.name, extra) for extra in ("", *needed.extras)]
    return versions


def pinned() -> dict[str, str]:
    lines = [line.partition("#")[0].strip() for line in (ROOT / "constraints.txt").read_text().splitlines()]
    pins = [Requirement(line) for line in lines if line]
    return {canonicalize_name(pin.name): str(pin.specifier) for pin in pins}


def text_files() -> Iterator[tuple[str, str]]:
    """Every file that is, or is about to be, in the repository, as name and text; pictures are left out."""
    if not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue


def service() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    found: dict[str, Any] = compose["services"]["mock-server"]
    return found


def test_every_dependency_is_installed_as_pinned() -> None:
    installed = {name: f"=={version}" for name, version in pulled_in(declared()).items()}
    pins = pinned()
    assert {name: pins.get(name) for name in installed} == installed


def test_the_walk_over_dependencies_sees_what_is_pulled_in_by_extras_of_others() -> None:
    assert {"starlette", "uvloop", "cryptography", "psycopg-binary"} <= pulled_in(declared()).keys()


def test_constraints_hold_nothing_but_exact_versions() -> None:
    assert [pin for pin in pinned().values() if not re.fullmatch(r"==[^*,]+", pin)] == []


def test_no_file_names_a_package_registry() -> None:
    named = [
        f"{name}: {word}"
        for name, text in text_files()
        for word in [*REGISTRIES, REGISTRY_OPTION]
        if word in text.casefold()
    ]
    assert named == []


def test_no_file_has_an_address_that_looks_like_a_registry() -> None:
    found = [f"{name}: {match[0]}" for name, text in text_files() for match in OTHER_REGISTRY.finditer(text)]
    assert found == []


def test_compose_publishes_to_this_machine_alone() -> None:
    assert service()["ports"] == ["127.0.0.1:8000:8000"]


def test_compose_shares_one_database_and_one_journal_behind_a_proxy() -> None:
    complete = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services, proxy = complete["services"], complete["configs"]["proxy"]["content"]
    shared = [name for name, one in services.items() if one.get("profiles") == ["shared"]]
    assert shared == ["server-one", "server-two", "proxy", "postgres"], "the usual server needs none of them"
    for name in ("server-one", "server-two"):
        assert f"server {name}:8000;" in proxy
        assert services[name]["environment"]["MOCK_SERVER_DATABASE_URL"].endswith("@postgres/mock_server")
        assert services[name]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
        read_settings({}, environment=services[name]["environment"])
    assert services["proxy"]["ports"] == ["127.0.0.1:8001:80"]
    assert all("ports" not in services[name] for name in shared if name != "proxy")


def test_compose_asks_the_server_itself_whether_it_is_healthy() -> None:
    assert service()["healthcheck"]["test"] == ["CMD", "mock-server", "health"]


def test_compose_keeps_the_data_in_a_named_volume() -> None:
    volume, _, place = service()["volumes"][0].partition(":")
    assert place == "/data"
    assert volume in yaml.safe_load((ROOT / "docker-compose.yml").read_text())["volumes"]


def test_compose_opens_the_control_api() -> None:
    assert service()["environment"]["MOCK_SERVER_CONTROL"] == "open"


def test_the_image_needs_no_further_program_for_its_health() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "curl" not in text
    assert "wget" not in text
    assert 'CMD ["mock-server", "health"]' in text


def test_the_image_runs_without_privileges_and_keeps_its_data_in_a_volume() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    last_stage = lines[max(number for number, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert "USER mock-server" in last_stage
    assert "VOLUME /data" in last_stage


def test_the_wheel_holds_the_fixtures_and_every_file_of_the_package(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    built = subprocess.run(build, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = files_below("mock_server", "mock_server") | files_below("fixtures", "mock_server/fixture_files")
    assert held == package | {"pytest_mock_utility_server.py"}


def files_below(folder: str, inside: str) -> set[str]:
    found = (
        path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    return {f"{inside}/{path.relative_to(ROOT / folder).as_posix()}" for path in found}
