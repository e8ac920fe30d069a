"""Calls by urllib that the program tells by OpenTelemetry's own SDK, over gRPC: own_sdk.py NAME..."""
import json
import os
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from note import call

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
tracer = provider.get_tracer("own")


def ask(name):
    attributes = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o-mini"}
    with call(name) as prompt, tracer.start_as_current_span("chat gpt-4o-mini", kind=trace.SpanKind.CLIENT, attributes=attributes) as span:
        body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": prompt}]}
        headers = {"content-type": "application/json", "authorization": "Bearer " + os.environ["OPENAI_API_KEY"]}
        request = urllib.request.Request(os.environ["OPENAI_BASE_URL"] + "/chat/completions", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request) as response:
            answer = json.load(response)
        span.set_attribute("gen_ai.response.id", answer["id"])
        span.set_attribute("gen_ai.usage.input_tokens", answer["usage"]["prompt_tokens"])
        span.set_attribute("gen_ai.usage.output_tokens", answer["usage"]["completion_tokens"])
        return answer["choices"][0]["message"]["content"]


with ThreadPoolExecutor(3) as pool:
    print(list(pool.map(ask, sys.argv[1:])))
provider.shutdown()
