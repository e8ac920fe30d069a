/** The programs of the stack, one row each: how it is reached, and how it is recognised. */
import type { Question } from './ask.ts';

export interface Part {
  /** Its name in findings. */
  readonly title: string;
  /** Where it listens: in the network of the stack and, where its port is published, on this machine. */
  readonly url: string;
  /** Its name in docker-compose.yml. */
  readonly service: string;
  /** The flag that names another URL, and what it is the URL of. The collector's is the argument of `--stack`. */
  readonly flag?: { readonly name: string; readonly about: string; readonly isRepeatable?: boolean };
  /** A path that only this program answers, and a part of the answer. The receiver of the collector has none. */
  readonly identity?: { readonly path: string; readonly sign: RegExp };
  /** Answers 503, with the reason, until the program is ready. */
  readonly readyPath?: string;
  /** Its job in prometheus.yml. */
  readonly job?: string;
  /** The uid of Grafana's data source that leads to it: so it is asked where no flag names a URL. */
  readonly source?: string;
  /** Asked only where a flag names it; else Prometheus, which scrapes it, tells. */
  readonly isAskedWhenNamed?: boolean;
  /** It may keep the data of several tenants apart, and is then asked for one of them. */
  readonly hasTenants?: boolean;
  /** What whoever reaches it without a login gets. Such a port belongs to nobody but the rest of the stack. */
  readonly exposes?: string;
}

export const PARTS = {
  collector: { title: 'Collector', url: 'http://localhost:4318', service: 'otel-collector' },
  collectorHealth: {
    title: 'Health of the collector',
    url: 'http://localhost:13133',
    service: 'otel-collector',
    flag: { name: 'collector-health', about: 'its health check' },
    identity: { path: '/', sign: /"status":\s*"Server / },
    isAskedWhenNamed: true,
    exposes: 'whether the collector is well',
  },
  collectorTelemetry: {
    title: 'Counters of the collector',
    url: 'http://localhost:8888',
    service: 'otel-collector',
    flag: {
      name: 'collector-telemetry',
      about: "the collector's own metrics; of two tiers, one for each agent and gateway",
      isRepeatable: true,
    },
    identity: { path: '/metrics', sign: /^otelcol_/m },
    job: 'otel-collector',
    isAskedWhenNamed: true,
    exposes: "the collector's counters",
  },
  prometheus: {
    title: 'Prometheus',
    url: 'http://localhost:9090',
    service: 'prometheus',
    flag: { name: 'prometheus', about: 'Prometheus' },
    identity: { path: '/api/v1/status/buildinfo', sign: /"data":\s*\{[^}]*"goVersion"/ },
    readyPath: '/-/ready',
    job: 'prometheus',
    source: 'prometheus',
    hasTenants: true,
    exposes: 'every metric, and can add false ones',
  },
  tempo: {
    title: 'Tempo',
    url: 'http://localhost:3200',
    service: 'tempo',
    flag: { name: 'tempo', about: 'Tempo' },
    identity: { path: '/api/status/buildinfo', sign: /"goVersion"/ },
    readyPath: '/ready',
    job: 'tempo',
    source: 'tempo',
    hasTenants: true,
    exposes: 'every trace',
  },
  alertmanager: {
    title: 'Alertmanager',
    url: 'http://localhost:9093',
    service: 'alertmanager',
    flag: { name: 'alertmanager', about: 'Alertmanager' },
    identity: { path: '/api/v2/status', sign: /"versionInfo"/ },
    readyPath: '/-/ready',
    job: 'alertmanager',
    source: 'alertmanager',
    exposes: 'every alert, and can silence them',
  },
  grafana: {
    title: 'Grafana',
    url: 'http://localhost:3000',
    service: 'grafana',
    flag: { name: 'grafana', about: 'Grafana' },
    identity: { path: '/api/health', sign: /"database":\s*"/ },
    job: 'grafana',
  },
} as const satisfies Readonly<Record<string, Part>>;

export type PartName = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as readonly PartName[];

/** A row typed by the interface, so that members which only some rows have can be read from all of them. */
export function partOf(name: PartName): Part {
  return PARTS[name];
}

export type Headers = Readonly<Record<string, string>>;

/** Where each part is looked for, and which of them the user named. */
export interface Places {
  readonly urls: Readonly<Record<PartName, string>>;
  readonly named: ReadonlySet<PartName>;
  /** Where the counters of each collector are that was named: of two tiers, more than one. */
  readonly collectors: readonly string[];
  /** Sent to that part alone. */
  readonly logins: Readonly<Partial<Record<PartName, Headers>>>;
  /** Whose data the stores are asked for; empty: they have one tenant. */
  readonly tenant: string;
}

/** The URLs that were named by a flag or a setting, of a repeatable flag the first. The others are those at which the parts listen. */
export function placesOf(
  named: Readonly<Partial<Record<PartName, string | undefined>>>,
  tenant = '',
  collectors: readonly string[] = (named.collectorTelemetry ?? '') === '' ? [] : [named.collectorTelemetry ?? ''],
): Places {
  const given = PART_NAMES.filter((name) => (named[name] ?? '') !== '');
  const urls = Object.fromEntries(PART_NAMES.map((name) => [name, given.includes(name) ? (named[name] ?? '') : PARTS[name].url]));
  return { urls: urls as Record<PartName, string>, named: new Set(given), collectors, logins: {}, tenant };
}

/** The same for each collector whose counters were named. A login is that of the first alone. */
export function placesOfCollectors(places: Places): Places[] {
  return places.collectors.map((url, index) => {
    const urls = { ...places.urls, collectorTelemetry: url };
    if (index === 0) return { ...places, urls };
    const { collectorTelemetry: _first, ...logins } = places.logins;
    return { ...places, urls, logins };
  });
}

/** Which parts are asked at all, in their order. */
export function askedOf({ named }: Places): PartName[] {
  return PART_NAMES.filter((name) => named.has(name) || partOf(name).isAskedWhenNamed !== true);
}

/** A question to a part, with its login and its tenant. */
export function to(name: PartName, { urls, logins, tenant }: Places, path: string, headers: Headers = {}): Question {
  const whose = tenant !== '' && partOf(name).hasTenants === true ? { 'x-scope-orgid': tenant } : {};
  return { base: urls[name], path, headers: { ...logins[name], ...whose, ...headers } };
}
