"""ARCHITECTURE.md and CONTRIBUTING.md agree with the code: tree, rooms, paths, layers, commands."""

import re
import tomllib
from pathlib import Path

import pytest

from mock_server.app import SURFACES

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "mock_server"
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`([a-z_]+/[\w/]*(?:\.py)?|[a-z_]+\.py)`", TEXT)))


def entries(folder: Path) -> set[str]:
    """The modules and packages in a folder; a folder without modules is left over from another version."""
    modules = {path.name for path in folder.glob("*.py")}
    return modules | {f"{path.name}/" for path in folder.iterdir() if any(path.glob("*.py"))}


def test_the_tree_is_the_package() -> None:
    assert set(re.findall(r"^[├└]── (\S+)", TEXT, re.MULTILINE)) == entries(PACKAGE)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_exists(path: str) -> None:
    assert (PACKAGE / path).exists() or (ROOT / path).exists()


def test_every_room_of_domain_store_actions_and_http_has_its_line() -> None:
    rooms = {
        f"{package}/{room}"
        for package in ("domain", "store", "actions", "http")
        for room in entries(PACKAGE / package)
        if room.endswith("/")
    }
    assert rooms - set(re.findall(r"^\| `(\S+/)` \|", TEXT, re.MULTILINE)) == set()


def test_the_picture_has_the_layers_of_the_import_contract() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    layers = [set(re.split(r"\s*[|:]\s*", layer)) for layer in contract["layers"] if layer != "__main__"]
    boxes = [set(box.split(" · ")) for box in re.findall(r'\w+\["(.+?)"\]', TEXT)]
    assert boxes == layers


def test_every_surface_is_a_package() -> None:
    for surface in SURFACES:
        assert [path for path in PACKAGE.rglob(surface.name) if path.is_dir()], surface.name


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_command_is_a_target_and_every_path_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"`make ([a-z-]+)", text) if f"\n{name}: " not in makefile] == []
    paths = re.findall(r"`(\.?[a-z]+/[\w./]*)`", text)
    assert [path for path in paths if not (PACKAGE / path).exists() and not (ROOT / path).exists()] == []
