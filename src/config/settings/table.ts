/** Every setting swarmscope reads, one row each. Absent and empty mean the same. */
import {
  absolutePath,
  contentMode,
  flag,
  integer,
  list,
  listOf,
  oneOf,
  pairs,
  protocol,
  ratio,
  services,
  text,
  url,
  type Parser,
} from './parsers.ts';

export interface Row<T> {
  readonly env: string;
  readonly parser: Parser<T>;
  readonly fallback: T;
  readonly about: string;
  readonly isSecret?: boolean;
}

function row<T>(env: string, parser: Parser<T>, fallback: NoInfer<T>, about: string, more: { isSecret?: boolean } = {}): Row<T> {
  return { env, parser, fallback, about, ...more };
}

const compression = oneOf('none', 'gzip');
const exporter = listOf('otlp', 'none');

export const table = {
  // OpenTelemetry's own, meaning what the SDK specification says.
  sdkDisabled: row('OTEL_SDK_DISABLED', flag, false, 'Turns all of swarmscope off in this process.'),
  serviceName: row('OTEL_SERVICE_NAME', text, '', 'Name of the service; wins over service.name in OTEL_RESOURCE_ATTRIBUTES.'),
  resourceAttributes: row('OTEL_RESOURCE_ATTRIBUTES', pairs, {}, 'Further resource attributes.'),
  endpoint: row('OTEL_EXPORTER_OTLP_ENDPOINT', url, 'http://localhost:4318', 'Base URL of the OTLP receiver.'),
  tracesEndpoint: row('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', url, '', 'Full URL for traces.'),
  metricsEndpoint: row('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', url, '', 'Full URL for metrics.'),
  logsEndpoint: row('OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', url, '', 'Full URL for logs.'),
  headers: row('OTEL_EXPORTER_OTLP_HEADERS', pairs, {}, 'Headers sent with every export.', { isSecret: true }),
  tracesHeaders: row('OTEL_EXPORTER_OTLP_TRACES_HEADERS', pairs, {}, 'Headers for traces.', { isSecret: true }),
  metricsHeaders: row('OTEL_EXPORTER_OTLP_METRICS_HEADERS', pairs, {}, 'Headers for metrics.', { isSecret: true }),
  logsHeaders: row('OTEL_EXPORTER_OTLP_LOGS_HEADERS', pairs, {}, 'Headers for logs.', { isSecret: true }),
  protocol: row('OTEL_EXPORTER_OTLP_PROTOCOL', protocol, 'http/protobuf', 'Encoding on the wire.'),
  tracesProtocol: row('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', protocol, 'http/protobuf', 'Encoding of traces.'),
  metricsProtocol: row('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', protocol, 'http/protobuf', 'Encoding of metrics.'),
  logsProtocol: row('OTEL_EXPORTER_OTLP_LOGS_PROTOCOL', protocol, 'http/protobuf', 'Encoding of logs.'),
  timeoutMs: row('OTEL_EXPORTER_OTLP_TIMEOUT', integer(1, 600_000), 10_000, 'Longest time one export may take, in ms.'),
  compression: row('OTEL_EXPORTER_OTLP_COMPRESSION', compression, 'none', 'Compression of exports.'),
  certificate: row('OTEL_EXPORTER_OTLP_CERTIFICATE', text, '', 'File with the CA certificate of an https endpoint.'),
  clientCertificate: row('OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE', text, '', 'File with the client certificate (mTLS).'),
  clientKey: row('OTEL_EXPORTER_OTLP_CLIENT_KEY', text, '', 'File with the client key (mTLS).'),
  tracesExporter: row('OTEL_TRACES_EXPORTER', exporter, ['otlp'], 'otlp or none.'),
  metricsExporter: row('OTEL_METRICS_EXPORTER', exporter, ['otlp'], 'otlp or none.'),
  logsExporter: row('OTEL_LOGS_EXPORTER', exporter, ['otlp'], 'otlp or none.'),
  sampler: row(
    'OTEL_TRACES_SAMPLER',
    oneOf('always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'),
    'parentbased_always_on',
    'Which traces are recorded.',
  ),
  samplerArgument: row('OTEL_TRACES_SAMPLER_ARG', ratio, '', 'Ratio for the traceidratio samplers, 0 to 1.'),
  flushDelayMs: row('OTEL_BSP_SCHEDULE_DELAY', integer(1, 600_000), 100, 'Time from the first waiting span to its export, in ms.'),
  exportTimeoutMs: row('OTEL_BSP_EXPORT_TIMEOUT', integer(1, 600_000), 10_000, 'Longest time one span export may take, in ms.'),
  metricIntervalMs: row('OTEL_METRIC_EXPORT_INTERVAL', integer(100, 3_600_000), 10_000, 'Time between metric exports, in ms.'),
  metricTemporality: row(
    'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    oneOf('cumulative', 'delta', 'lowmemory'),
    'cumulative',
    'Whether metrics tell all since the start or what came since the last export: cumulative; delta (counters and histograms); lowmemory (delta, but for counters that are observed).',
  ),
  propagators: row('OTEL_PROPAGATORS', list, ['tracecontext', 'baggage'], 'tracecontext or none.'),
  logLevel: row(
    'OTEL_LOG_LEVEL',
    oneOf('none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'),
    'warn',
    'How much swarmscope says on stderr.',
  ),
  captureContent: row(
    'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT',
    contentMode,
    'off',
    'Where prompts, answers, tool arguments, paths and error texts are recorded: true or SPAN_ONLY (spans), EVENT_ONLY (messages alone, on an event for each inference), SPAN_AND_EVENT, or false or NO_CONTENT (nowhere).',
  ),
  contentMask: row(
    'SWARMSCOPE_CONTENT_MASK',
    text,
    '',
    'Absolute path of a module whose function gets each piece of captured content and gives what may leave of it.',
  ),

  disabled: row('SWARMSCOPE_DISABLED', flag, false, 'Turns swarmscope off in this process and its children.'),
  ownEndpoint: row(
    'SWARMSCOPE_ENDPOINT',
    url,
    '',
    'Base URL of the OTLP receiver; wins over OTEL_EXPORTER_OTLP_ENDPOINT. Set by swarmscope run.',
  ),
  exportUrl: row(
    'SWARMSCOPE_EXPORT',
    url,
    '',
    'swarmscope run forwards everything to this OTLP base URL, and doctor --stack asks the collector there.',
  ),
  runId: row('SWARMSCOPE_RUN_ID', text, '', 'Id of the run this process belongs to. Set by the root.'),
  runName: row(
    'SWARMSCOPE_RUN_NAME',
    text,
    '',
    'Name of the run: service.name where neither OTEL_SERVICE_NAME nor OTEL_RESOURCE_ATTRIBUTES gives one. Set by swarmscope run.',
  ),
  runFolder: row('SWARMSCOPE_RUN_DIR', text, '', 'Private folder of the run: channel, git events. Set by the root.'),
  budgets: row(
    'SWARMSCOPE_BUDGETS',
    list,
    [],
    'Budgets that the calls of this process are charged to, by name. Set for children of a process with budgets.',
  ),
  work: row(
    'SWARMSCOPE_WORK',
    pairs,
    {},
    'The worker, the type of the task and the agent that this process was started for. Set for children of a task or an agent.',
  ),
  observersOff: row('SWARMSCOPE_OBSERVERS_OFF', list, [], 'Observers to leave off, by name (doctor lists them).'),
  llmServices: row(
    'SWARMSCOPE_LLM_SERVICES',
    services,
    {},
    'LLM services of your own: host[:port][/path]=protocol@provider, by commas. The provider is the name that they get; the protocol ' +
      '(a folder of src/protocols, such as openai-chat) is needed where their paths do not tell it.',
  ),
  estimatesTokens: row(
    'SWARMSCOPE_ESTIMATE_TOKENS',
    flag,
    false,
    'Estimates by their length the tokens of calls whose answers tell none, into attributes of their own (swarmscope.usage.estimated.*).',
  ),
  childEnvironmentOff: row('SWARMSCOPE_CHILD_ENV_OFF', list, [], 'Variables not to pass to child processes, by name.'),
  shims: row(
    'SWARMSCOPE_SHIMS',
    list,
    ['claude', 'codex', 'tmux'],
    'Programs that swarmscope run puts a script in front of, in PATH, so that they join the run: claude, codex, tmux, or none.',
  ),
  agents: row('SWARMSCOPE_AGENTS', flag, false, "Turns on the agent CLIs' own telemetry (claude); on under swarmscope run."),
  gateway: row('SWARMSCOPE_GATEWAY', flag, false, 'swarmscope run points the base URLs of providers at its gateway, as with --gateway.'),
  gatewayOff: row('SWARMSCOPE_GATEWAY_OFF', list, [], 'Variables that the gateway leaves alone, by name (docs/gateway.md lists them).'),
  gatewayTheirs: row(
    'SWARMSCOPE_GATEWAY_THEIRS',
    text,
    '',
    "The user's own base URLs beside those of the gateway: NAME=value, by spaces. Set by swarmscope run.",
    { isSecret: true },
  ),
  spanStarts: row(
    'SWARMSCOPE_SPAN_STARTS',
    flag,
    false,
    'Sends a record when a span starts, so that what hangs is seen; on under swarmscope run.',
  ),
  processTree: row(
    'SWARMSCOPE_PROCESS_TREE',
    flag,
    true,
    'swarmscope run looks at the process table, so that agents and commands that no Node started are seen (Linux).',
  ),
  sessionFiles: row(
    'SWARMSCOPE_SESSION_FILES',
    flag,
    true,
    'At the end of swarmscope run the session files that its agents wrote are read as a second witness of their calls (Linux).',
  ),
  silentAfterMs: row(
    'SWARMSCOPE_SILENT_AFTER',
    integer(1_000, 86_400_000),
    60_000,
    'An agent whose processes pass no bytes, use no CPU and start nothing for so long is called silent, in ms.',
  ),
  findings: row(
    'SWARMSCOPE_FINDINGS',
    pairs,
    {},
    'From when on swarmscope run tells what goes wrong while it goes on: KIND=THRESHOLD or KIND=off, by commas (docs/live.md lists the kinds).',
  ),
  notifyTimeoutMs: row(
    'SWARMSCOPE_NOTIFY_TIMEOUT',
    integer(100, 600_000),
    10_000,
    'Longest time that a command of swarmscope run --notify may take, in ms; then it is ended.',
  ),
  traceScope: row(
    'SWARMSCOPE_TRACE_SCOPE',
    oneOf('auto', 'run', 'task'),
    'auto',
    'run: one trace for all; task: one trace per task, linked to the run; auto: one trace, and after 10,000 spans or an hour one for each top-level piece of work.',
  ),
  serverSpans: row(
    'SWARMSCOPE_SERVER_SPANS',
    flag,
    false,
    'Makes a span of each request that a server of the app takes (node:http, https, http2), above the work for it.',
  ),
  exitTimeoutMs: row('SWARMSCOPE_EXIT_TIMEOUT', integer(0, 60_000), 1_000, 'Longest delay at exit for sending what is left, in ms.'),
  queueMaxBytes: row(
    'SWARMSCOPE_QUEUE_MAX_BYTES',
    integer(65_536, 1_073_741_824),
    67_108_864,
    'Bytes of telemetry that may wait in one process; more is dropped and counted.',
  ),
  spoolMaxBytes: row(
    'SWARMSCOPE_SPOOL_MAX_BYTES',
    integer(0, 1_073_741_824),
    67_108_864,
    'Bytes of traces and logs kept on disk, over all processes, while an endpoint that you named cannot be reached; the same for each process that cannot reach the receiver of its run. 0 keeps none.',
  ),
  spoolMaxAgeMs: row(
    'SWARMSCOPE_SPOOL_MAX_AGE',
    integer(1_000, 2_592_000_000),
    86_400_000,
    'What has waited on disk for longer is removed, in ms.',
  ),
  gpu: row(
    'SWARMSCOPE_GPU',
    oneOf('auto', 'off', 'nvidia', 'amd', 'intel', 'system'),
    'auto',
    'Where readings of GPUs come from: what is found, nothing, or one source, whether or not its driver is seen. system is the package systeminformation.',
  ),
  gpuIntervalMs: row('SWARMSCOPE_GPU_INTERVAL', integer(200, 3_600_000), 2_000, 'Time between GPU readings, in ms.'),
  modelServers: row(
    'SWARMSCOPE_MODEL_SERVERS',
    list,
    ['auto'],
    'Model servers to ask how full they are: http URLs; auto finds vLLM, SGLang, llama.cpp, LM Studio and Ollama on their usual ports of this machine (Linux); off asks none.',
  ),
  hostMetrics: row(
    'SWARMSCOPE_HOST_METRICS',
    flag,
    true,
    'Metrics of the machine, and of the process and the Node runtime that lead the run; measured once per run and host.',
  ),
  pricesFile: row('SWARMSCOPE_PRICES', text, '', 'JSON file with prices and context windows that win over the built-in table.'),
  cacheFolder: row('XDG_CACHE_HOME', absolutePath, '', 'Base of the cache folder (default ~/.cache).'),
  stateFolder: row(
    'XDG_STATE_HOME',
    absolutePath,
    '',
    'Base of the folder of status files and of what waits for an endpoint (default ~/.local/state).',
  ),
  dataFolder: row('XDG_DATA_HOME', absolutePath, '', 'Base of the folder of stored runs (default ~/.local/share).'),
} as const;

export type SettingName = keyof typeof table;
