"""The command `mock-server`, also as `python -m mock_server`."""

import gc


def main() -> None:
    """Run the command. Its modules are imported without garbage collection, which would find nothing: they stay."""
    gc.disable()
    from mock_server.run.cli import main as run

    gc.enable()
    run()


if __name__ == "__main__":  # and not where a worker loads it again
    main()
