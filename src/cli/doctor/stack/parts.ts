/** The programs of the stack, one row each: where docker-compose.yml publishes it, and how it is recognised. */
export interface Part {
  /** Its name in findings. */
  readonly title: string;
  readonly url: string;
  /** Its name in docker-compose.yml. */
  readonly service: string;
  /** The flag that names another URL, and what it is the URL of. The collector's is the argument of `--stack`. */
  readonly flag?: { readonly name: string; readonly about: string };
  /** A path that only this program answers, and a part of the answer. The receiver of the collector has none. */
  readonly identity?: { readonly path: string; readonly sign: RegExp };
  /** Answers 503, with the reason, until the program is ready. */
  readonly readyPath?: string;
  /** Its job in prometheus.yml. */
  readonly job?: string;
  /** The rest of the stack works without it. */
  readonly isOptional?: boolean;
}

export const PARTS = {
  collector: { title: 'Collector', url: 'http://localhost:4318', service: 'otel-collector' },
  collectorHealth: {
    title: 'Health of the collector',
    url: 'http://localhost:13133',
    service: 'otel-collector',
    flag: { name: 'collector-health', about: 'its health check' },
    identity: { path: '/', sign: /"status":\s*"Server / },
  },
  collectorTelemetry: {
    title: 'Counters of the collector',
    url: 'http://localhost:8888',
    service: 'otel-collector',
    flag: { name: 'collector-telemetry', about: "the collector's own metrics" },
    identity: { path: '/metrics', sign: /^otelcol_/m },
    job: 'otel-collector',
  },
  prometheus: {
    title: 'Prometheus',
    url: 'http://localhost:9090',
    service: 'prometheus',
    flag: { name: 'prometheus', about: 'Prometheus' },
    identity: { path: '/api/v1/status/buildinfo', sign: /"data":\s*\{[^}]*"goVersion"/ },
    readyPath: '/-/ready',
    job: 'prometheus',
  },
  tempo: {
    title: 'Tempo',
    url: 'http://localhost:3200',
    service: 'tempo',
    flag: { name: 'tempo', about: 'Tempo' },
    identity: { path: '/api/status/buildinfo', sign: /"goVersion"/ },
    readyPath: '/ready',
    job: 'tempo',
  },
  alertmanager: {
    title: 'Alertmanager',
    url: 'http://localhost:9093',
    service: 'alertmanager',
    flag: { name: 'alertmanager', about: 'Alertmanager' },
    identity: { path: '/api/v2/status', sign: /"versionInfo"/ },
    readyPath: '/-/ready',
    job: 'alertmanager',
  },
  grafana: {
    title: 'Grafana',
    url: 'http://localhost:3000',
    service: 'grafana',
    flag: { name: 'grafana', about: 'Grafana' },
    identity: { path: '/api/health', sign: /"database":\s*"/ },
    job: 'grafana',
    isOptional: true,
  },
} as const satisfies Readonly<Record<string, Part>>;

export type PartName = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as readonly PartName[];

/** A row typed by the interface, so that members which only some rows have can be read from all of them. */
export function partOf(name: PartName): Part {
  return PARTS[name];
}

/** Where each part is looked for, and which of them the user named. */
export interface Places {
  readonly urls: Readonly<Record<PartName, string>>;
  readonly named: ReadonlySet<PartName>;
}

/** The URLs that were named by a flag or a setting. The others are the ports that compose publishes on this machine. */
export function placesOf(named: Readonly<Partial<Record<PartName, string | undefined>>>): Places {
  const given = PART_NAMES.filter((name) => (named[name] ?? '') !== '');
  const urls = Object.fromEntries(PART_NAMES.map((name) => [name, given.includes(name) ? (named[name] ?? '') : PARTS[name].url]));
  return { urls: urls as Record<PartName, string>, named: new Set(given) };
}
