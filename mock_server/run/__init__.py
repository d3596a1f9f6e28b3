"""Running the server: command line, serving, workers, logs and traces."""
