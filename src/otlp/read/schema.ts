/** The parts of OTLP 1.x (opentelemetry-proto) that are read, as data. Fields not named here are skipped. */

export type ScalarType = 'string' | 'bytes' | 'id' | 'bool' | 'double' | 'int64' | 'uint32' | 'fixed64' | 'sfixed64' | 'time' | 'enum';

export interface Field {
  /** JSON name (lowerCamelCase). */
  readonly name: string;
  readonly type: ScalarType | MessageName;
  readonly isRepeated: boolean;
  /** Names of an enum's values by number, for the JSON mapping. */
  readonly values?: readonly string[];
}

export type MessageName =
  | 'TracesRequest'
  | 'ResourceSpans'
  | 'ScopeSpans'
  | 'Span'
  | 'Link'
  | 'Status'
  | 'MetricsRequest'
  | 'ResourceMetrics'
  | 'ScopeMetrics'
  | 'Metric'
  | 'Gauge'
  | 'Sum'
  | 'Histogram'
  | 'Unsupported'
  | 'Opaque'
  | 'NumberDataPoint'
  | 'HistogramDataPoint'
  | 'LogsRequest'
  | 'ResourceLogs'
  | 'ScopeLogs'
  | 'LogRecord'
  | 'Resource'
  | 'Scope'
  | 'KeyValue'
  | 'AnyValue'
  | 'ArrayValue'
  | 'KeyValueList';

export interface Message {
  readonly fields: readonly (Field | undefined)[];
}

const one = (name: string, type: Field['type']): Field => ({ name, type, isRepeated: false });
const many = (name: string, type: Field['type']): Field => ({ name, type, isRepeated: true });
const oneOfNames = (name: string, values: readonly string[]): Field => ({ name, type: 'enum', isRepeated: false, values });

const temporality = oneOfNames('aggregationTemporality', [
  'AGGREGATION_TEMPORALITY_UNSPECIFIED',
  'AGGREGATION_TEMPORALITY_DELTA',
  'AGGREGATION_TEMPORALITY_CUMULATIVE',
]);
const kind = oneOfNames('kind', [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
]);
const statusCode = oneOfNames('code', ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']);
const severityNames = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((level) =>
  ['', '2', '3', '4'].map((step) => `SEVERITY_NUMBER_${level}${step}`),
);
const severity = oneOfNames('severityNumber', ['SEVERITY_NUMBER_UNSPECIFIED', ...severityNames]);

const numbered: Readonly<Record<MessageName, Readonly<Record<number, Field>>>> = {
  TracesRequest: { 1: many('resourceSpans', 'ResourceSpans') },
  ResourceSpans: { 1: one('resource', 'Resource'), 2: many('scopeSpans', 'ScopeSpans') },
  ScopeSpans: { 1: one('scope', 'Scope'), 2: many('spans', 'Span') },
  Span: {
    1: one('traceId', 'id'),
    2: one('spanId', 'id'),
    4: one('parentSpanId', 'id'),
    5: one('name', 'string'),
    6: kind,
    7: one('startTimeUnixNano', 'time'),
    8: one('endTimeUnixNano', 'time'),
    9: many('attributes', 'KeyValue'),
    13: many('links', 'Link'),
    15: one('status', 'Status'),
  },
  Link: { 1: one('traceId', 'id'), 2: one('spanId', 'id') },
  Status: { 3: statusCode },
  MetricsRequest: { 1: many('resourceMetrics', 'ResourceMetrics') },
  ResourceMetrics: { 1: one('resource', 'Resource'), 2: many('scopeMetrics', 'ScopeMetrics') },
  ScopeMetrics: { 1: one('scope', 'Scope'), 2: many('metrics', 'Metric') },
  Metric: {
    1: one('name', 'string'),
    3: one('unit', 'string'),
    5: one('gauge', 'Gauge'),
    7: one('sum', 'Sum'),
    9: one('histogram', 'Histogram'),
    10: one('exponentialHistogram', 'Unsupported'),
    11: one('summary', 'Unsupported'),
  },
  Gauge: { 1: many('dataPoints', 'NumberDataPoint') },
  Sum: { 1: many('dataPoints', 'NumberDataPoint'), 2: temporality, 3: one('isMonotonic', 'bool') },
  Histogram: { 1: many('dataPoints', 'HistogramDataPoint'), 2: temporality },
  Unsupported: { 1: many('dataPoints', 'Opaque') },
  Opaque: {},
  NumberDataPoint: {
    3: one('timeUnixNano', 'time'),
    4: one('asDouble', 'double'),
    6: one('asInt', 'sfixed64'),
    7: many('attributes', 'KeyValue'),
    8: one('flags', 'uint32'),
  },
  HistogramDataPoint: {
    3: one('timeUnixNano', 'time'),
    4: one('count', 'fixed64'),
    5: one('sum', 'double'),
    6: many('bucketCounts', 'fixed64'),
    7: many('explicitBounds', 'double'),
    9: many('attributes', 'KeyValue'),
    10: one('flags', 'uint32'),
    12: one('max', 'double'),
  },
  LogsRequest: { 1: many('resourceLogs', 'ResourceLogs') },
  ResourceLogs: { 1: one('resource', 'Resource'), 2: many('scopeLogs', 'ScopeLogs') },
  ScopeLogs: { 1: one('scope', 'Scope'), 2: many('logRecords', 'LogRecord') },
  LogRecord: {
    1: one('timeUnixNano', 'time'),
    2: severity,
    5: one('body', 'AnyValue'),
    6: many('attributes', 'KeyValue'),
    9: one('traceId', 'id'),
    10: one('spanId', 'id'),
    11: one('observedTimeUnixNano', 'time'),
    12: one('eventName', 'string'),
  },
  Resource: { 1: many('attributes', 'KeyValue') },
  Scope: { 1: one('name', 'string') },
  KeyValue: { 1: one('key', 'string'), 2: one('value', 'AnyValue') },
  AnyValue: {
    1: one('stringValue', 'string'),
    2: one('boolValue', 'bool'),
    3: one('intValue', 'int64'),
    4: one('doubleValue', 'double'),
    5: one('arrayValue', 'ArrayValue'),
    6: one('kvlistValue', 'KeyValueList'),
    7: one('bytesValue', 'bytes'),
  },
  ArrayValue: { 1: many('values', 'AnyValue') },
  KeyValueList: { 1: many('values', 'KeyValue') },
};

/** Message by name; `fields[n]` is field number n. */
export const schema: Readonly<Record<MessageName, Message>> = Object.fromEntries(
  Object.entries(numbered).map(([name, fields]) => {
    const dense: (Field | undefined)[] = Array.from({ length: Math.max(0, ...Object.keys(fields).map(Number)) + 1 });
    for (const [number, field] of Object.entries(fields)) dense[Number(number)] = field;
    return [name, { fields: dense }];
  }),
) as unknown as Readonly<Record<MessageName, Message>>;

export function isMessage(type: Field['type']): type is MessageName {
  return type in schema;
}
