"""Sends two spans, a log record and a metric by OpenTelemetry's own SDK: `send.py grpc|http NAME`."""
import logging
import sys

from opentelemetry import metrics, trace
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

protocol, name = sys.argv[1:3]
if protocol == "grpc":
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
else:
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

traces = TracerProvider()
traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(traces)
reader = PeriodicExportingMetricReader(OTLPMetricExporter())
meters = MeterProvider(metric_readers=[reader])
metrics.set_meter_provider(meters)
logs = LoggerProvider()
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
# What the exporters say of their failures goes to standard error.
logging.basicConfig()
logging.getLogger().addHandler(LoggingHandler(logger_provider=logs))

tracer = trace.get_tracer("send.py")
with tracer.start_as_current_span(f"work {name}"):
    with tracer.start_as_current_span(f"step {name}"):
        metrics.get_meter("send.py").create_counter("sent").add(1)
        logging.getLogger().warning("told")

for provider in (traces, meters, logs):
    provider.shutdown()
print("done")
