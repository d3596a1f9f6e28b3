"""README's grid of attacks names each test there is here, and none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README[README.index("### Attacks\n") : README.index("## Contributing")]
HERE = {path.name for path in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).name}


def test_every_family_of_attacks_has_its_row() -> None:
    assert HERE - set(re.findall(r"tests/attacks/(test_\w+\.py)", SECTION)) == set()


def test_every_link_of_the_grid_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", SECTION)
    assert len(links) > 20
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_every_row_says_what_comes_of_it_and_where_that_is_displayed() -> None:
    rows = [line for line in SECTION.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 15
    for row in rows:
        attack, outcome, displayed = (cell.strip() for cell in row.strip("|").split("|"))
        assert attack
        assert outcome
        assert displayed.startswith("["), row
