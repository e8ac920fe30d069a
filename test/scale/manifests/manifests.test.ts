/** What holds for everything that kustomize makes of deploy/, whichever components are chosen. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { repository } from '../../harness/paths.ts';
import { configFiles, configOf, isCollector, queueBytes, variablesIn } from './collectors.ts';
import { combinations } from './combinations.ts';
import { describeWithPrograms } from './needs.ts';
import { bytes, configMap, environmentOf, filesOf, workloads, type KubeObject, type Workload } from './objects.ts';
import { render } from './render.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

/** Where the collector listens, by the names that ports have in manifests. */
const ports = Object.fromEntries(
  Object.entries({ 'otlp-grpc': 'OTLP_GRPC_PORT', 'otlp-http': 'OTLP_HTTP_PORT', telemetry: 'TELEMETRY_PORT', health: 'HEALTH_PORT' }).map(
    ([name, variable]) => [name, Number(new RegExp(`env:${variable}:-(\\d+)`).exec(read('otel-collector.yaml'))?.[1])],
  ),
);

/** Of docker-compose.yml, by image. */
const versions = Object.fromEntries(
  [...read('docker-compose.yml').matchAll(/image: ([\w./-]+):\$\{\w+:-([^}]+)\}/g)].map(([, image = '', tag = '']) => [image, tag]),
);

/** Who may hold which Secret. Agents hold none: what reaches a node's collector reaches no store. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  'swarmscope-gateway': ['swarmscope-stores'],
  'swarmscope-edge': ['swarmscope-edge'],
  tempo: ['swarmscope-tempo-bucket'],
  mimir: ['swarmscope-mimir-bucket'],
  ...Object.fromEntries(['receive', 'store', 'compact', 'rule'].map((part) => [`thanos-${part}`, ['swarmscope-thanos-bucket']])),
  seaweedfs: ['swarmscope-object-store'],
};

/** The one exception to the level restricted, and why it says so itself. */
const ROOT_BY = 'hostpath-queue';

interface Selected {
  readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly port: number; readonly targetPort: string }[];
}

describeWithPrograms('kustomize').each(combinations)('$title', (combination) => {
  let objects: readonly KubeObject[] = [];
  let all: readonly Workload[] = [];
  let collectors: readonly Workload[] = [];
  beforeAll(() => {
    objects = render(combination);
    all = workloads(objects);
    collectors = all.filter(isCollector);
  });
  const named = (name: string): Workload => {
    const found = all.find((workload) => workload.name === name);
    if (found === undefined) throw new Error(`no workload ${name}`);
    return found;
  };
  const selectedBy = (labels: Readonly<Record<string, string>>): Workload[] =>
    all.filter((workload) => Object.entries(labels).every(([key, value]) => workload.labels[key] === value));

  test('has both tiers, and each object once', () => {
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['swarmscope-agent', 'swarmscope-gateway']));
    const ids = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('asks for the level restricted in every pod', () => {
    for (const { name, pod, container } of all) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const isRoot = name === 'swarmscope-agent' && combination.from.includes(ROOT_BY);
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: !isRoot,
        runAsUser: isRoot ? 0 : 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod).not.toHaveProperty('hostNetwork');
      expect(pod.volumes.filter(({ hostPath }) => hostPath !== undefined)).toHaveLength(isRoot ? 1 : 0);
    }
    const level = objects.find(({ kind }) => kind === 'Namespace')?.metadata.labels?.['pod-security.kubernetes.io/enforce'];
    expect(level).toBe(combination.from.includes(ROOT_BY) ? 'privileged' : 'restricted');
    expect(objects.filter(({ kind }) => /Role/.test(kind))).toEqual([]);
  });

  test('gives the credentials of stores to gateways and stores alone', () => {
    for (const { name, pod, container } of all) {
      const secrets = [
        ...(container.envFrom ?? []).map(({ secretRef }) => secretRef?.name),
        ...pod.volumes.map(({ secret }) => secret?.secretName),
      ].filter((secret) => secret !== undefined);
      expect({ name, secrets }).toEqual({ name, secrets: SECRETS[name] ?? [] });
      expect(JSON.stringify(container.env ?? [])).not.toContain('secretKeyRef');
    }
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  test('pins every image, to what the stack of one machine runs where it is the same program', () => {
    for (const { container } of all) {
      const [, image = '', tag = ''] = /^(.+):(v?\d+\.\d+\S*)$/.exec(container.image) ?? [];
      expect(container.image).toBe(`${image}:${versions[image] ?? tag}`);
      expect(tag).not.toBe('');
    }
    for (const { data = {} } of objects)
      for (const image of Object.entries(data).filter(([key]) => key === 'image')) expect(image[1]).toMatch(/:\d+\.\d+\.\d+$/);
  });

  test('gives every container an end to its memory, and Go four fifths of it', () => {
    for (const workload of all) {
      const { limits, requests } = workload.container.resources;
      expect(requests['memory']).toBe(limits['memory']);
      expect(limits).not.toHaveProperty('cpu');
      const share = bytes(environmentOf(objects, workload.container)['GOMEMLIMIT'] ?? '') / bytes(limits['memory'] ?? '');
      expect(share).toBeGreaterThan(0.79);
      expect(share).toBeLessThanOrEqual(0.8);
    }
  });

  test('mounts what exists, and every file of a collector is one that it reads', () => {
    for (const workload of all) {
      const known = [...workload.pod.volumes.map(({ name }) => name), ...Object.keys(workload.claims)];
      expect(known.sort()).toEqual(workload.container.volumeMounts.map(({ name }) => name).sort());
      for (const volume of workload.pod.volumes) filesOf(objects, volume);
      environmentOf(objects, workload.container);
    }
    for (const workload of collectors) {
      const { used, mounted } = configFiles(objects, workload);
      // The edge reads its agents' files from their ConfigMap, and one of its own.
      expect(Object.keys(mounted).sort()).toEqual([...used].sort());
    }
  });

  test('gives collectors no variable that none of their files reads', () => {
    for (const workload of collectors) {
      const { mounted } = configFiles(objects, workload);
      const asked = new Set(Object.values(mounted).flatMap(variablesIn));
      const forOthers = ['POD_NAME', 'NODE_NAME', 'GOMEMLIMIT'];
      const given = Object.keys(environmentOf(objects, workload.container)).filter((name) => !forOthers.includes(name));
      expect(given.filter((name) => !asked.has(name))).toEqual([]);
      expect(given).toEqual(expect.arrayContaining(['BIND_HOST', 'COLLECTOR_NAME', 'PROMETHEUS_OTLP']));
    }
  });

  test('opens the ports at which collectors listen, and leads to them', () => {
    expect(ports).toEqual({ 'otlp-grpc': 4317, 'otlp-http': 4318, telemetry: 8888, health: 13133 });
    for (const { container } of collectors)
      expect(Object.fromEntries(container.ports.map(({ name, containerPort }) => [name, containerPort]))).toEqual(ports);
    for (const { kind, metadata, spec = {} } of objects.filter(({ kind }) => kind === 'Service')) {
      const { selector = {}, ports: led = [] } = spec as Selected;
      const pods = selectedBy(selector);
      expect({ kind, name: metadata.name, pods: pods.length }).toEqual({ kind, name: metadata.name, pods: 1 });
      for (const { port, targetPort } of led) expect(pods[0]?.container.ports).toContainEqual({ name: targetPort, containerPort: port });
    }
  });

  test('lets nobody in but by a policy, whose ports the pods have', () => {
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies).toContainEqual(expect.objectContaining({ spec: { podSelector: {}, policyTypes: ['Ingress'] } }));
    for (const { metadata, spec = {} } of policies.filter(({ metadata: { name } }) => name !== 'nobody-by-default')) {
      const pods = selectedBy((spec as Selected).podSelector?.matchLabels ?? {});
      expect({ policy: metadata.name, pods: pods.length }).toEqual({ policy: metadata.name, pods: 1 });
      const rules = (spec as { ingress: { ports: { port: string }[] }[] }).ingress;
      for (const { port } of rules.flatMap((rule) => rule.ports)) expect(pods[0]?.container.ports.map(({ name }) => name)).toContain(port);
    }
    for (const { name, labels } of all) {
      const own = policies.filter(({ spec }) =>
        Object.entries((spec as Selected).podSelector?.matchLabels ?? { none: '' }).every(([key, value]) => labels[key] === value),
      );
      expect({ name, isNamed: own.length > 0 }).toEqual({ name, isNamed: true });
    }
  });

  test('has twice the room of its queues on each disk', () => {
    for (const workload of collectors.filter(({ pod }) => !pod.volumes.some(({ hostPath }) => hostPath !== undefined))) {
      const { sizeLimit } = workload.pod.volumes.find(({ name }) => name === 'queue')?.emptyDir ?? {};
      const room = sizeLimit === undefined ? workload.claims['queue'] : bytes(sizeLimit);
      const queues = queueBytes(configOf(objects, workload));
      expect(queues).toBeGreaterThan(0);
      expect(room).toBeGreaterThanOrEqual(2 * queues);
    }
  });

  test('sends traces to gateways that exist, by the name of each where they are divided', () => {
    const { exporters } = configOf(objects, named('swarmscope-agent'));
    const shards = Object.keys(exporters).filter((name) => /^otlp_grpc\/gateway_\d+$/.test(name));
    const replicas = named('swarmscope-gateway').replicas ?? 0;
    const headless = 'swarmscope-gateway-headless:4317';
    if (shards.length === 0) expect(exporters['otlp_grpc/gateways']?.endpoint).toBe(`dns:///${headless}`);
    else {
      expect(replicas).toBeGreaterThanOrEqual(shards.length);
      expect(objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')).toEqual([]);
      expect(shards.map((name) => exporters[name]?.endpoint)).toEqual(shards.map((_, index) => `swarmscope-gateway-${index}.${headless}`));
    }
  });

  test('waits for decisions only where traces come whole, and longer at the end of a pod than for one', () => {
    const gateway = named('swarmscope-gateway');
    const { used } = configFiles(objects, gateway);
    if (!used.includes('keep.yaml')) return expect(used).not.toContain('sample.yaml');
    const shards = Object.keys(configOf(objects, named('swarmscope-agent')).exporters).filter((name) => /gateway_\d+$/.test(name));
    expect(shards.length).toBeGreaterThan(1);
    const wait = environmentOf(objects, gateway.container)['DECISION_WAIT'] ?? '';
    expect(wait).toMatch(/^\d+s$/);
    expect(gateway.pod.terminationGracePeriodSeconds).toBeGreaterThan(Number.parseInt(wait, 10));
  });

  test('fits into ConfigMaps', () => {
    for (const { kind, data = {} } of objects)
      if (kind === 'ConfigMap') expect(Object.values(data).join('').length).toBeLessThan(1024 * 1024);
  });
});

describeWithPrograms('kustomize')('overlays/example', () => {
  let objects: readonly KubeObject[] = [];
  beforeAll(() => {
    objects = render({ title: '', from: 'example' });
  });

  test('folds and divides at the edge as at the agents', () => {
    const [agent, edge] = ['swarmscope-agent', 'swarmscope-edge'].map((name) => {
      const found = workloads(objects).find((workload) => workload.name === name);
      return found === undefined ? [] : configFiles(objects, found).used;
    });
    expect(edge?.filter((name) => name !== 'otel-collector.tls.yaml')).toEqual(agent);
  });

  test('has every board of the repository, and opens it with the stores of the cluster', () => {
    const boards = objects.filter(({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1');
    expect(boards).toHaveLength(readdirSync(join(repository, 'grafana/dashboards')).length);
    const datasources = objects
      .filter(({ metadata }) => metadata.labels?.['grafana_datasource'] === '1')
      .flatMap(({ data = {} }) => Object.values(data).map((text) => parse(text) as { datasources: { uid: string; url: string }[] }))
      .flatMap((file) => file.datasources);
    expect(datasources.map(({ uid }) => uid).sort()).toEqual(['swarmscope-metrics', 'swarmscope-traces']);
    for (const { data = {} } of boards) {
      const board = JSON.parse(Object.values(data)[0] ?? '') as {
        templating: { list: { type: string; current?: { value: string } }[] };
      };
      const opened = board.templating.list.filter(({ type }) => type === 'datasource').map(({ current }) => current?.value);
      expect(opened.every((uid) => datasources.some((each) => each.uid === uid))).toBe(true);
    }
  });

  test('gives each alert of the repository to one who has its series, and none to two', () => {
    const { groups } = parse(read('prometheus/rules/swarmscope.rules.yaml')) as { groups: { rules: { alert?: string }[] }[] };
    const alertsOf = (found: readonly { rules: { alert?: string }[] }[]): string[] =>
      found.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
    const scraped = objects
      .filter(({ kind }) => kind === 'PrometheusRule')
      .flatMap(({ spec }) => (spec as { groups: typeof groups }).groups);
    const rule = workloads(objects).find(({ name }) => name === 'thanos-rule');
    const file = filesOf(objects, rule?.pod.volumes.find(({ name }) => name === 'rules') ?? { name: 'none' })['swarmscope.rules.yaml'];
    const sent = (parse(file ?? '') as { groups: typeof groups }).groups;
    // What the cluster's own monitoring says of its Prometheus and Alertmanager.
    const ofTheCluster = ['AlertsNotDelivered', 'RulesNotEvaluated', 'Watchdog'];
    expect([...alertsOf(scraped), ...alertsOf(sent), ...ofTheCluster].sort()).toEqual(alertsOf(groups).sort());
    expect(JSON.stringify(scraped)).toContain('up{job!=\\"otel-collector\\",namespace=\\"swarmscope\\"}');
  });

  test('keeps traces and metrics as long as deploy/retention.yaml says', () => {
    const retention = parse(read('deploy/retention.yaml')) as { traces: string; kept: string; metrics: string };
    const tempo = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && /^swarmscope-tempo-[^d]/.test(metadata.name))?.data ?? {};
    const { overrides } = parse(tempo['overrides.yaml'] ?? '') as {
      overrides: Record<string, { ingestion: Record<string, number>; compaction: { block_retention: string } }>;
    };
    expect(Object.fromEntries(Object.entries(overrides).map(([tenant, { compaction }]) => [tenant, compaction.block_retention]))).toEqual({
      swarmscope: retention.traces,
      'swarmscope-kept': retention.kept,
    });
    // A tenant that is named inherits nothing: a limit that is left out would be 0.
    for (const { ingestion } of Object.values(overrides)) expect(ingestion['rate_limit_bytes']).toBeGreaterThan(0);
    const compact = workloads(objects).find(({ name }) => name === 'thanos-compact');
    expect(compact === undefined ? {} : environmentOf(objects, compact.container)).toMatchObject({ METRICS_RETENTION: retention.metrics });
    for (const resolution of ['raw', '5m', '1h'])
      expect(compact?.container.args).toContain(`--retention.resolution-${resolution}=$(METRICS_RETENTION)`);
  });

  test('has as many receivers as their ring names, and writes each series to all of them', () => {
    const receive = workloads(objects).find(({ name }) => name === 'thanos-receive');
    const config = filesOf(objects, receive?.pod.volumes.find(({ name }) => name === 'config') ?? { name: 'none' });
    const [ring] = JSON.parse(config['hashring.json'] ?? '[]') as { endpoints: { address: string }[] }[];
    expect(ring?.endpoints.map(({ address }) => address)).toEqual(
      Array.from({ length: receive?.replicas ?? 0 }, (_, index) => `thanos-receive-${index}.thanos-receive-headless:10901`),
    );
    expect(receive?.container.args).toContain(`--receive.replication-factor=${ring?.endpoints.length}`);
    const tenant = receive?.container.args.find((arg) => arg.startsWith('--receive.default-tenant-id='))?.split('=')[1];
    const rule = workloads(objects).find(({ name }) => name === 'thanos-rule');
    expect(rule?.container.args).toContain(`--label=tenant_id="${tenant}"`);
  });

  test('names the stores that it brings', () => {
    const gateway = workloads(objects).find(({ name }) => name === 'swarmscope-gateway');
    const env = gateway === undefined ? {} : environmentOf(objects, gateway.container);
    const services = objects.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
    expect(services).toContain(env['TEMPO_ENDPOINT']?.split(':')[0]);
    expect(services).toContain(new URL(env['PROMETHEUS_OTLP'] ?? '').hostname);
    expect(configMap(objects, 'swarmscope-inject')['endpoint']).toBe('http://swarmscope-agent.swarmscope:4318');
  });
});
