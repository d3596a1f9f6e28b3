"""The signature of utilityapi.md §7."""

from mock_server.webhooks.signing import signature


def test_the_known_vector_comes_out() -> None:
    body = b'{\n    "json": "object"\n}'
    known = "6cd59ee8461872a3e0deea0d6428b5cdad5049452b4914ad66ed1cc1081b5e7d"
    assert signature("secret", "salt", body) == known
