/** The span, the metric point and the log record that `doctor --stack` sends and then looks for, as OTLP/JSON. */
import { randomBytes } from 'node:crypto';
import * as names from '../../semconv/index.ts';

export interface Marks {
  readonly traceId: string;
  /** Of each span that is sent, `traceId` first. They differ in their last digit, by which traces are divided between gateways. */
  readonly traceIds: readonly string[];
  /** The point's mark, in seconds: as a label it would make one more series with each check. */
  readonly value: number;
  /** What the point is called in Prometheus. */
  readonly pointName: string;
  /** OTLP/JSON by the path of its signal. */
  readonly requests: Readonly<Record<'traces' | 'metrics' | 'logs', string>>;
}

const SERVICE_NAME = 'swarmscope-doctor';
/** OTLP's numbers for the span kind INTERNAL and the severity INFO. */
const KIND_INTERNAL = 1;
const SEVERITY_INFO = 9;

export interface MarksOptions {
  readonly nowMs: number;
  readonly host: string;
  readonly version: string;
  /** A span for each last digit of a trace id, not one alone. Default false. */
  readonly hasEveryDigit?: boolean;
}

export function createMarks({ nowMs, host, version, hasEveryDigit = false }: MarksOptions): Marks {
  const traceId = randomBytes(16).toString('hex');
  const others = [...'0123456789abcdef'].map((digit) => `${traceId.slice(0, -1)}${digit}`).filter((id) => id !== traceId);
  const traceIds = [traceId, ...(hasEveryDigit ? others : [])];
  const spanId = randomBytes(8).toString('hex');
  const timeUnixNano = `${nowMs}000000`;
  const value = nowMs / 1_000;
  const resource = {
    attributes: [
      text(names.ATTR_SERVICE_NAME, SERVICE_NAME),
      text(names.ATTR_HOST_NAME, host),
      text(names.ATTR_TELEMETRY_DISTRO_NAME, 'swarmscope'),
      text(names.ATTR_TELEMETRY_DISTRO_VERSION, version),
    ],
  };
  const scope = { name: 'swarmscope' };
  const spanOf = (id: string) => ({
    traceId: id,
    spanId,
    name: names.SWARMSCOPE_OPERATION_NAME_VALUE_CHECK_STACK,
    kind: KIND_INTERNAL,
    startTimeUnixNano: timeUnixNano,
    endTimeUnixNano: timeUnixNano,
    attributes: [text(names.ATTR_SWARMSCOPE_OPERATION_NAME, names.SWARMSCOPE_OPERATION_NAME_VALUE_CHECK_STACK)],
  });
  const { name, unit, description } = names.METRIC_SWARMSCOPE_DOCTOR_LAST_CHECK;
  const metric = { name, unit, description, gauge: { dataPoints: [{ timeUnixNano, asDouble: value }] } };
  const logRecord = { timeUnixNano, severityNumber: SEVERITY_INFO, eventName: names.EVENT_SWARMSCOPE_DOCTOR_CHECKED, traceId, spanId };
  return {
    traceId,
    traceIds,
    value,
    pointName: names.METRIC_SWARMSCOPE_DOCTOR_LAST_CHECK.prometheus,
    requests: {
      traces: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans: traceIds.map(spanOf) }] }] }),
      metrics: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [metric] }] }] }),
      logs: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [logRecord] }] }] }),
    },
  };
}

function text(key: string, stringValue: string): { key: string; value: { stringValue: string } } {
  return { key, value: { stringValue } };
}
