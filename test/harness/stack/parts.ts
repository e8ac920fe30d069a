// The parts of the stack as a table: which program each is, on which ports it listens, how the repository's files are
// rendered for it.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BinaryName } from '../../../tools/stack-binaries.ts';
import { repository } from '../paths.ts';
import { composeCall } from './compose.ts';
import { duration, replaceAll, scaleDurations } from './replace.ts';

export type PartName = 'tempo' | 'alertmanager' | 'prometheus' | 'collector';

/** Every port of a stack, also of the parts that are not started: nobody listens there. */
export const PORT_NAMES = [
  'collector',
  'collectorGrpc',
  'collectorTelemetry',
  'collectorHealth',
  'collectorCounted',
  'prometheus',
  'tempo',
  'tempoGrpc',
  'tempoOtlp',
  'alertmanager',
] as const;
export type Ports = Readonly<Record<(typeof PORT_NAMES)[number], number>>;

export interface PartOptions {
  /** Added to the program's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Changes the rendered file before it is written. */
  readonly config?: (text: string) => string;
  /** Added to the program's arguments. */
  readonly args?: readonly string[];
}

export interface PrometheusOptions extends PartOptions {
  /** How often rules are evaluated; default 500. */
  readonly evaluationMs?: number;
  /** How often the programs are scraped; default 500. */
  readonly scrapeMs?: number;
  /** How late a rule looks, for pushed data; default 0. */
  readonly ruleQueryOffsetMs?: number;
  /** `for` and `keep_firing_for` of every alert times this; default 1. */
  readonly forScale?: number;
  /** Changes the alerting and recording rules before they are written. */
  readonly rules?: (text: string) => string;
}

export interface StackOptions {
  /** Started in the order backends first. Default: all. */
  readonly parts?: readonly PartName[];
  readonly collector?: PartOptions;
  readonly prometheus?: PrometheusOptions;
  readonly tempo?: PartOptions;
  readonly alertmanager?: PartOptions;
}

/** What rendering and starting a part needs to know. */
export interface Setting {
  readonly options: StackOptions;
  readonly parts: readonly PartName[];
  readonly ports: Ports;
  /** Of this part alone; there when it is rendered. */
  readonly folder: string;
  /** Base URL of the webhook sink. */
  readonly sinkUrl: string;
}

export interface Part {
  readonly binary: BinaryName;
  /** In docker-compose.yml. */
  readonly service: string;
  readonly readyUrl: (ports: Ports) => string;
  /** Writes its files. */
  readonly render: (setting: Setting) => void;
  readonly call: (setting: Setting) => { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
}

const read = (file: string): string => readFileSync(join(repository, file), 'utf8');
const local = (port: number): string => `127.0.0.1:${port}`;
const unchanged = (text: string): string => text;

/** Paths of the container become paths below the part's folder. */
function callOf(service: string, paths: Readonly<Record<string, string>>): { args: string[]; env: Record<string, string> } {
  const { args, env } = composeCall(service);
  return { args: replaceAll(`the command of ${service} in docker-compose.yml`, args.join('\n'), paths).split('\n'), env: { ...env } };
}

export const PARTS: Readonly<Record<PartName, Part>> = {
  tempo: {
    binary: 'tempo',
    service: 'tempo',
    readyUrl: ({ tempo }) => `http://${local(tempo)}/ready`,
    render({ folder, ports, options }) {
      const text = replaceAll('tempo.yaml', read('tempo.yaml'), {
        'http_listen_port: 3200': `http_listen_address: 127.0.0.1, http_listen_port: ${ports.tempo}, grpc_listen_address: 127.0.0.1, grpc_listen_port: ${ports.tempoGrpc}`,
        '0.0.0.0:4317': local(ports.tempoOtlp),
        '/var/tempo': join(folder, 'data'),
      });
      // A lone ingester waits 15 s for others that may leave the ring; and a trace is found by search when it has been
      // idle for 10 s. By id it is found at once.
      const alone = 'ingester: { lifecycler: { min_ready_duration: 0s }, trace_idle_period: 1s, flush_check_period: 1s }\n';
      writeFileSync(join(folder, 'tempo.yaml'), (options.tempo?.config ?? unchanged)(text + alone));
    },
    call: ({ folder }) => callOf('tempo', { '/etc/tempo/tempo.yaml': join(folder, 'tempo.yaml') }),
  },
  alertmanager: {
    binary: 'alertmanager',
    service: 'alertmanager',
    readyUrl: ({ alertmanager }) => `http://${local(alertmanager)}/-/ready`,
    render({ folder, sinkUrl, options }) {
      const text = replaceAll('alertmanager/alertmanager.yml', read('alertmanager/alertmanager.yml'), {
        'http://127.0.0.1:9/': `${sinkUrl}/`,
        'group_wait: 30s': 'group_wait: 100ms',
        'group_interval: 5m': 'group_interval: 1s',
        'group_interval: 1m, repeat_interval: 1m': 'group_interval: 1s, repeat_interval: 1s',
      });
      writeFileSync(join(folder, 'alertmanager.yml'), (options.alertmanager?.config ?? unchanged)(text));
    },
    call({ folder, ports }) {
      const { args, env } = callOf('alertmanager', {
        '/etc/alertmanager/alertmanager.yml': join(folder, 'alertmanager.yml'),
        '=/alertmanager': `=${join(folder, 'data')}`,
      });
      return { args: [...args, `--web.listen-address=${local(ports.alertmanager)}`], env };
    },
  },
  prometheus: {
    binary: 'prometheus',
    service: 'prometheus',
    readyUrl: ({ prometheus }) => `http://${local(prometheus)}/-/ready`,
    render: renderPrometheus,
    call({ folder, ports }) {
      const { args, env } = callOf('prometheus', {
        '/etc/prometheus/prometheus.yml': join(folder, 'prometheus.yml'),
        '=/prometheus': `=${join(folder, 'data')}`,
      });
      // An alert that fires before Alertmanager is discovered is sent again after that, by default after a minute.
      return { args: [...args, `--web.listen-address=${local(ports.prometheus)}`, '--rules.alert.resend-delay=10s'], env };
    },
  },
  collector: {
    binary: 'otelcol',
    service: 'otel-collector',
    readyUrl: ({ collectorHealth }) => `http://${local(collectorHealth)}/`,
    render({ folder, options }) {
      const text = replaceAll('otel-collector.yaml', read('otel-collector.yaml'), {
        'metrics_flush_interval: 15s': 'metrics_flush_interval: 1s',
      });
      writeFileSync(join(folder, 'otel-collector.yaml'), (options.collector?.config ?? unchanged)(text));
    },
    call({ folder, ports }) {
      const { args, env } = callOf('otel-collector', { '/etc/otelcol/config.yaml': join(folder, 'otel-collector.yaml') });
      return {
        args,
        env: {
          ...env,
          BIND_HOST: '127.0.0.1',
          QUEUE_DIR: join(folder, 'queue'),
          OTLP_GRPC_PORT: String(ports.collectorGrpc),
          OTLP_HTTP_PORT: String(ports.collector),
          TELEMETRY_PORT: String(ports.collectorTelemetry),
          HEALTH_PORT: String(ports.collectorHealth),
          COUNTED_PORT: String(ports.collectorCounted),
          TEMPO_ENDPOINT: local(ports.tempoOtlp),
          PROMETHEUS_OTLP: `http://${local(ports.prometheus)}/api/v1/otlp`,
        },
      };
    },
  },
};

/** What is no part of this stack is not scraped: Grafana never is, since it cannot be had as a program. */
function renderPrometheus({ folder, ports, parts, options }: Setting): void {
  const {
    evaluationMs = 500,
    scrapeMs = 500,
    ruleQueryOffsetMs = 0,
    forScale = 1,
    rules = unchanged,
    config = unchanged,
  } = options.prometheus ?? {};
  const scraped = (job: string, target: string, port: number, part?: PartName): Record<string, string> => ({
    [`  - { job_name: ${job}, static_configs: [{ targets: ['${target}'] }] }\n`]:
      part !== undefined && parts.includes(part) ? `  - { job_name: ${job}, static_configs: [{ targets: ['${local(port)}'] }] }\n` : '',
  });
  const text = replaceAll('prometheus/prometheus.yml', read('prometheus/prometheus.yml'), {
    'scrape_interval: 15s': `scrape_interval: ${duration(scrapeMs)}\n  scrape_timeout: ${duration(scrapeMs)}`,
    'evaluation_interval: 15s': `evaluation_interval: ${duration(evaluationMs)}`,
    'rule_query_offset: 30s': `rule_query_offset: ${duration(ruleQueryOffsetMs)}`,
    "alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }]": parts.includes('alertmanager')
      ? `alertmanagers: [{ static_configs: [{ targets: ['${local(ports.alertmanager)}'] }] }]`
      : 'alertmanagers: []',
    ...scraped('prometheus', 'localhost:9090', ports.prometheus, 'prometheus'),
    ...scraped('otel-collector', 'otel-collector:8888', ports.collectorTelemetry, 'collector'),
    ...scraped('tempo', 'tempo:3200', ports.tempo, 'tempo'),
    ...scraped('grafana', 'grafana:3000', 0),
    ...scraped('alertmanager', 'alertmanager:9093', ports.alertmanager, 'alertmanager'),
  });
  writeFileSync(join(folder, 'prometheus.yml'), config(text));
  cpSync(join(repository, 'prometheus/targets'), join(folder, 'targets'), { recursive: true });
  mkdirSync(join(folder, 'rules'));
  const written = scaleDurations(read('prometheus/rules/swarmscope.rules.yaml'), ['for', 'keep_firing_for'], forScale);
  writeFileSync(join(folder, 'rules/swarmscope.rules.yaml'), rules(written));
}
