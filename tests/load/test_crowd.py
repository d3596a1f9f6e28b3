"""In short what `make soak` tells at length: nobody in a crowd is lost, and nobody gets what is another's."""

import asyncio
from pathlib import Path

from tests.load.crowd import let_in, let_read
from tests.load.running import running


def test_everybody_in_a_crowd_is_answered(tmp_path: Path) -> None:
    with running(f"sqlite:///{tmp_path}/crowd.db") as server:
        tokens = asyncio.run(let_in(server.url, 60))
        assert len({one["access_token"] for one in tokens}) == 60
        assert len({one["resourceURI"] for one in tokens}) == 60
        sizes = asyncio.run(let_read(server.url, tokens[:12]))
        assert min(sizes) == max(sizes) > 1_000_000
