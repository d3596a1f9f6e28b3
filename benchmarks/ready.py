"""A baseline: Starlette with one document ready in memory, as fast as bytes leave Python."""

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def main(port: int, file: Path) -> None:
    """Serve the file's bytes at every address."""
    body = file.read_bytes()

    async def answer(_: Request) -> Response:
        return Response(body, media_type="application/atom+xml")

    app = Starlette(routes=[Route("/{rest:path}", answer)])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
