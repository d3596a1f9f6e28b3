"""OpenTelemetry traces, if the extra `otel` is installed and the environment names a collector."""

import logging
import os

from starlette.types import ASGIApp

from mock_server import __version__

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
log = logging.getLogger("mock_server")


def traced(app: ASGIApp) -> ASGIApp:
    """The application with a span around each request, sent by OTLP over HTTP; unchanged without configuration."""
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        return app
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("No traces are sent: %s needs pip install 'mock-utility-server[otel]'.", _ENDPOINTS[1])
        return app
    attributes = {
        SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME", "mock-server"),
        SERVICE_VERSION: __version__,
    }
    provider = TracerProvider(resource=Resource.create(attributes))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    wrapped: ASGIApp = OpenTelemetryMiddleware(
        app, tracer_provider=provider, exclude_spans=["receive", "send"]
    )
    return wrapped
