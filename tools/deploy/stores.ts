/** What the stores of a cluster share with those of one machine: limits, labels, retention, and how Grafana asks them. */
import { parse, stringify } from 'yaml';
import { generated, type Files } from './files.ts';

/** Of the data sources in Grafana: charts bring ones called prometheus and tempo. */
export const METRICS_UID = 'swarmscope-metrics';
export const TRACES_UID = 'swarmscope-traces';

interface Retention {
  readonly traces: string;
  readonly kept: string;
  readonly metrics: string;
}

interface Tempo {
  readonly storage: { readonly trace: Readonly<Record<string, unknown>> };
  readonly overrides: { readonly defaults: Readonly<Record<string, unknown>> };
}

interface Datasource {
  readonly type: string;
  readonly jsonData: Readonly<Record<string, unknown>>;
}

/** A cluster has many runs at once; the default of one machine would refuse them. */
const MAX_LIVE_TRACES = 100_000;

export function storeFiles(read: (path: string) => string): Files {
  const retention = (): Retention => parse(read('deploy/retention.yaml')) as Retention;
  const tempo = (): Tempo => parse(read('tempo.yaml')) as Tempo;
  return {
    'deploy/components/tempo/generated/tempo.yaml': () => generated('tempo.yaml', yaml(tempoOfCluster(tempo(), retention()))),
    'deploy/components/tempo/generated/overrides.yaml': () =>
      generated(
        'tempo.yaml and deploy/retention.yaml',
        `# A tenant that is named inherits nothing: what it leaves out is 0, and 0 bytes a second refuses everything.\n${yaml(tenants(tempo(), retention()))}`,
      ),
    'deploy/components/tempo/generated/swarmscope-traces.yaml': () =>
      datasource(read, 'tempo', { uid: TRACES_UID, url: 'http://tempo.swarmscope:3200', tenant: 'swarmscope|swarmscope-kept' }),
    'deploy/components/mimir/generated/swarmscope-metrics.yaml': () =>
      datasource(read, 'prometheus', { uid: METRICS_UID, url: 'http://mimir.swarmscope:8080/prometheus', tenant: 'swarmscope' }),
    'deploy/components/mimir/generated/limits.env': () =>
      generated(
        'prometheus/prometheus.yml and deploy/retention.yaml',
        `PROMOTED_ATTRIBUTES=${promoted(read).join(',')}\nMETRICS_RETENTION=${retention().metrics}\n`,
      ),
    'deploy/components/thanos/generated/swarmscope-metrics.yaml': () =>
      datasource(read, 'prometheus', { uid: METRICS_UID, url: 'http://thanos-query.swarmscope:10902', tenant: 'swarmscope' }),
    'deploy/components/thanos/generated/limits.env': () => generated('deploy/retention.yaml', `METRICS_RETENTION=${retention().metrics}\n`),
    // An argument a line: Thanos reads them as if they stood in its call.
    'deploy/components/thanos/generated/promoted.args': () =>
      generated(
        'prometheus/prometheus.yml',
        promoted(read)
          .map((name) => `--receive.otlp-promote-resource-attributes=${name}\n`)
          .join(''),
      ),
  };
}

function tempoOfCluster(tempo: Tempo, retention: Retention): unknown {
  const { backend: _, local: __, ...trace } = tempo.storage.trace;
  return {
    ...tempo,
    multitenancy_enabled: true,
    storage: {
      trace: {
        ...trace,
        backend: 's3',
        s3: {
          bucket: '${S3_BUCKET}',
          endpoint: '${S3_ENDPOINT}',
          region: '${S3_REGION}',
          access_key: '${S3_ACCESS_KEY}',
          secret_key: '${S3_SECRET_KEY}',
          insecure: '${S3_INSECURE:-false}',
        },
      },
    },
    query_frontend: { search: { max_duration: retention.kept } },
    overrides: { defaults: limits(tempo, retention.traces), per_tenant_override_config: '/etc/tempo/overrides.yaml' },
  };
}

function tenants(tempo: Tempo, retention: Retention): unknown {
  return { overrides: { swarmscope: limits(tempo, retention.traces), 'swarmscope-kept': limits(tempo, retention.kept) } };
}

function limits({ overrides: { defaults } }: Tempo, retention: string): Record<string, unknown> {
  const ingestion = defaults['ingestion'] as Record<string, unknown>;
  return {
    ...defaults,
    ingestion: { ...ingestion, max_traces_per_user: MAX_LIVE_TRACES },
    compaction: { block_retention: retention },
  };
}

function promoted(read: (path: string) => string): string[] {
  const { otlp } = parse(read('prometheus/prometheus.yml')) as { otlp: { promote_resource_attributes: string[] } };
  return otlp.promote_resource_attributes;
}

const DATASOURCES = 'grafana/provisioning/datasources/datasources.yaml';

/** The data source of that type as Grafana has it on one machine, with the address and the tenant of a cluster. */
function datasource(read: (path: string) => string, type: string, at: { uid: string; url: string; tenant: string }): string {
  const { datasources } = parse(read(DATASOURCES)) as { datasources: Datasource[] };
  const known = datasources.find((each) => each.type === type);
  if (known === undefined) throw new Error(`${DATASOURCES} has no data source of the type ${type}.`);
  const wanted = {
    ...known,
    name: at.uid,
    uid: at.uid,
    url: at.url,
    isDefault: false,
    jsonData: { ...(renamed(known.jsonData) as Record<string, unknown>), httpHeaderName1: 'X-Scope-OrgID' },
    // No secret: Grafana wants the values of headers here.
    secureJsonData: { httpHeaderValue1: at.tenant },
  };
  return generated(DATASOURCES, yaml({ apiVersion: 1, datasources: [wanted] }));
}

/** Data sources name each other by uid. */
function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== 'object' || value === null) return value;
  const uids: Readonly<Record<string, string>> = { prometheus: METRICS_UID, tempo: TRACES_UID };
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === 'datasourceUid' ? (uids[String(inner)] ?? inner) : renamed(inner)]),
  );
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}
