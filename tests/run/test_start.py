"""What a server loads before anybody needs it: neither numpy nor Faker, which take longer than much of the rest."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from mock_server.app import create_app
from mock_server.settings import read_settings
from tests.support import browser

http = browser(create_app(read_settings({"database_url": f"sqlite:///{sys.argv[1]}"}, environment={})))
for call in sys.argv[2:]:
    assert http.get(call).status_code == 200, call
    print(call, *sorted({"faker", "fpdf", "matplotlib", "numpy"} & set(sys.modules)))
"""


def test_a_server_starts_and_answers_without_loading_what_makes_data(tmp_path: Path) -> None:
    calls = ["/_mock/health", "/", "/_mock/clients", "/_mock/truth?customer=test_residential"]
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "start.db"), *calls]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    *before, computed = done.stdout.splitlines()
    assert before == calls[:3]
    assert computed == f"{calls[3]} numpy", "what computes loads it"
