"""A baseline: a FastAPI app with one route and nothing behind it, served as we serve ours."""

import sys

import uvicorn
from fastapi import FastAPI

app = FastAPI(docs_url=None, redoc_url=None)


@app.post("/token")
async def token() -> dict[str, str | int]:
    """What looks like a token."""
    return {"access_token": "f" * 64, "token_type": "Bearer", "expires_in": 3600}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
