"""Paths out of where they belong: of pages and files, of sandboxes and snapshots, of fixtures."""

from itertools import product
from pathlib import Path
from shutil import copytree

import httpx
import pytest

from mock_server.fixtures import FixtureMistake, bundled_folder, load_fixtures
from tests.support import Third

UP = ["..", "%2e%2e", "..%2f..", "..%5c..", "%252e%252e", "....//", "%00", "..;", "\\..\\"]
WANTED = ["pyproject.toml", "app.py", "etc/passwd", "style.css/../../pages.py"]


@pytest.mark.parametrize(
    "place",
    [
        "/static/",
        "/api/v2/files/",
        "/DataCustodian/espi/1_1/resource/Non-ESPI/pdf_bill/1/",
        "/errors/",
        "/~x/static/",
    ],
)
def test_no_path_leads_out(third: Third, place: str) -> None:
    for up, wanted in product(UP, WANTED):
        for depth in (1, 3):
            answer = third.get(place + "/".join([up] * depth) + "/" + wanted, third.client.api_token)
            assert answer.status_code in (400, 401, 404, 405), answer.url
            assert b"import " not in answer.content
            assert b"root:" not in answer.content


@pytest.mark.parametrize("name", ["..", "a/b", "@x", "a%2fb", "x" * 41, ".", "%2e%2e", "a b", "é"])
def test_a_sandbox_or_snapshot_has_a_plain_name(http: httpx.Client, name: str) -> None:
    assert http.get(f"/~{name}/_mock/clock").status_code == 404
    for path in ("snapshots", "sandboxes"):
        assert http.post(f"/_mock/{path}", json={"name": name}).status_code == 400
    assert http.post(f"/_mock/snapshots/{name}/restore").status_code in (404, 405)


@pytest.mark.parametrize("place", ["customers/out.yaml", "clients/out.yaml", "utility.yaml"])
def test_a_link_in_the_fixtures_shows_nothing_of_what_it_leads_to(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "fixtures"
    copytree(bundled_folder(), folder)
    secret = tmp_path / "secret"
    secret.write_text("root:x:0:0:hunter2\n")
    (folder / place).unlink(missing_ok=True)
    (folder / place).symlink_to(secret)
    with pytest.raises(FixtureMistake) as error_response:
        load_fixtures(folder)
    assert "hunter2" not in str(error_response.value)


def test_a_fixture_names_no_other_file(tmp_path: Path) -> None:
    folder = tmp_path / "fixtures"
    copytree(bundled_folder(), folder)
    (folder / "customers" / "evil.yaml").write_text("!!python/object/apply:os.system ['touch hacked']\n")
    with pytest.raises(FixtureMistake, match="could not determine a constructor"):
        load_fixtures(folder)
    assert not Path("hacked").exists()
