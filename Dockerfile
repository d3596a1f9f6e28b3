# The server as an image. Its health check is `mock-server health`.

FROM python:3.13-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# Build the wheel with the pinned tools, then install it with the pinned dependencies.
COPY constraints.txt ./
RUN pip install -c constraints.txt build hatchling
COPY pyproject.toml README.md LICENSE ./
COPY fixtures fixtures
COPY mock_server mock_server
COPY pytest_mock_utility_server.py pytest_mock_utility_server.py
RUN python -m build --no-isolation --wheel --outdir /dist
RUN python -m venv /opt/mock-server \
 && /opt/mock-server/bin/pip install -c constraints.txt "$(ls /dist/*.whl)[postgres]" \
 && /opt/mock-server/bin/pip uninstall --yes pip


FROM python:3.13-slim
COPY --from=build /opt/mock-server /opt/mock-server

# The base image comes without compiled files, and without them each start compiles anew: three times slower.
# An unprivileged user cannot write them, so they are made here.
RUN python -m compileall -q "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" /opt/mock-server/lib \
 && useradd --system --uid 10001 --no-create-home --home-dir /data mock-server \
 && install --directory --owner=mock-server /data

ENV PATH=/opt/mock-server/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MOCK_SERVER_HOST=0.0.0.0 \
    MOCK_SERVER_DATABASE_URL=sqlite:////data/mock-server.db
USER mock-server
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --start-interval=250ms --retries=3 CMD ["mock-server", "health"]
CMD ["mock-server"]
