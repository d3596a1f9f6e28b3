"""`python -m mock_server` is `mock-server`."""

from mock_server.run.cli import main

if __name__ == "__main__":  # and not where a worker loads it again
    main()
