/** A real API server takes everything that kustomize makes of deploy/, and its policy gives pods the preload. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { startApiServer, until, type ApiServer } from './api-server.ts';
import { combinations } from './combinations.ts';
import { instrumentation, prometheusOperator } from './definitions.ts';
import { describeWithPrograms } from './needs.ts';
import type { KubeObject } from './objects.ts';
import { render } from './render.ts';

interface Env {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}
interface Pod extends KubeObject {
  readonly spec: {
    readonly containers: readonly { readonly name: string; readonly env?: readonly Env[]; readonly volumeMounts?: readonly unknown[] }[];
    readonly volumes?: readonly { readonly name: string }[];
  };
}

const IMAGE = 'registry.example/swarmscope-preload:0.1.0';
const ENDPOINT = { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://swarmscope-agent.swarmscope:4318' };
const ATTRIBUTES = { name: 'OTEL_RESOURCE_ATTRIBUTES', value: 'k8s.namespace.name=agents' };
const REQUIRE = '--require /swarmscope/register.cjs';
const MOUNT = { name: 'swarmscope', mountPath: '/swarmscope', readOnly: true };
const asked = { 'swarmscope.dev/inject': 'true' };

const namespace = (name: string, labels: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

/** A pod that the level restricted lets in. */
function pod(
  name: string,
  { env = [], labels = asked, inNamespace = 'agents' }: { env?: readonly Env[]; labels?: object; inNamespace?: string },
): Pod {
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: inNamespace, labels: { ...labels } },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        { name: 'swarm', image: 'node:24.21.0', env, securityContext },
        { name: 'helper', image: 'node:24.21.0', securityContext },
      ],
    } as unknown as Pod['spec'],
  };
}

describeWithPrograms(
  'kustomize',
  'etcd',
  'kube-apiserver',
)('the API server', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
    for (const definition of [...prometheusOperator(), instrumentation])
      expect(await server.apply(definition)).toMatchObject({ status: 201 });
    for (const kind of ['ServiceMonitor', 'PrometheusRule']) await server.knows('monitoring.coreos.com/v1', kind);
    await server.knows('opentelemetry.io/v1alpha1', 'Instrumentation');
    const level = { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/warn': 'restricted' };
    for (const [name, labels] of [
      ['swarmscope', level],
      ['agents', { ...level, 'swarmscope.dev/sends': 'true' }],
      ['elsewhere', level],
    ] as const)
      await server.apply(namespace(name, labels));
  });

  test.each(combinations)('takes every object of: $title', async (combination) => {
    const refused = [];
    for (const object of render(combination)) {
      const { status, body, warnings } = await server.apply(object, { isDryRun: true });
      if (status > 201 || warnings.length > 0) refused.push({ kind: object.kind, name: object.metadata.name, status, body, warnings });
    }
    // The level that is asked for says itself what it warns of.
    const expected = combination.from.includes('hostpath-queue') ? [expect.objectContaining({ kind: 'DaemonSet' })] : [];
    expect(refused).toEqual(expected);
  });

  test('refuses a field that it does not know, and a value of another type', async () => {
    const [gateway] = render({ title: '', from: 'example' }).filter(
      ({ kind, metadata }) => kind === 'StatefulSet' && metadata.name.endsWith('gateway'),
    );
    if (gateway === undefined) throw new Error('no gateway');
    const mistyped = { ...gateway, spec: { ...gateway.spec, replica: 3 } };
    const { status, body } = await server.apply(mistyped, { isDryRun: true });
    expect({ isRefused: status >= 400, body }).toMatchObject({ isRefused: true, body: { message: expect.stringContaining('replica') } });
    const unknown = { ...instrumentationObject(), spec: { propagators: ['no-such'] } };
    expect(await server.apply(unknown, { isDryRun: true })).toMatchObject({ status: 422 });
  });

  test('lets a pod of every template into a namespace of the level restricted', async () => {
    const objects = render({ title: '', from: 'example' });
    const priority = objects.find(({ kind }) => kind === 'PriorityClass');
    if (priority !== undefined) await server.apply(priority);
    const templates = objects.filter(({ kind }) => ['DaemonSet', 'StatefulSet', 'Deployment'].includes(kind));
    expect(templates).toHaveLength(9);
    for (const { metadata, spec } of templates) {
      const template = (spec as { template: { metadata: object; spec: { serviceAccountName?: string; volumes: object[] } } }).template;
      const claims = (spec as { volumeClaimTemplates?: { metadata: { name: string } }[] }).volumeClaimTemplates ?? [];
      const volumes = claims.map(({ metadata: { name } }) => ({ name, persistentVolumeClaim: { claimName: name } }));
      const bare = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...template.metadata, name: metadata.name, namespace: 'swarmscope' },
        spec: { ...template.spec, volumes: [...template.spec.volumes, ...volumes] },
      };
      expect(await server.create(bare, { isDryRun: true })).toMatchObject({ status: 201, warnings: [] });
    }
    const privileged = pod('privileged', { inNamespace: 'swarmscope' });
    const spec = { ...privileged.spec, hostNetwork: true };
    expect(await server.create({ ...privileged, spec }, { isDryRun: true })).toMatchObject({ status: 403 });
  });

  describe('the policy', () => {
    const created = async (wanted: Pod): Promise<Pod> => {
      const { status, body } = await server.create(wanted, { isDryRun: true });
      expect({ status, body }).toMatchObject({ status: 201 });
      return body as Pod;
    };
    const envOf = ({ spec }: Pod, at = 0): readonly Env[] => spec.containers[at]?.env ?? [];

    beforeAll(async () => {
      const parts = render({ title: '', from: 'example' }).filter(
        ({ kind, metadata }) =>
          kind.startsWith('MutatingAdmissionPolicy') || (kind === 'ConfigMap' && metadata.name === 'swarmscope-inject'),
      );
      expect(parts.map(({ kind }) => kind).sort()).toEqual(['ConfigMap', 'MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding']);
      for (const part of parts) expect(await server.apply(part)).toMatchObject({ status: 201, warnings: [] });
      // The server reads policies on its own time.
      await until(
        async () => (await created(pod('probe', {}))).spec.volumes?.some(({ name }) => name === 'swarmscope') === true,
        'the policy is in force',
      );
    });

    test('gives every container of a pod that asks the preload, read-only, and where to send', async () => {
      const made = await created(pod('plain', {}));
      expect(made.spec.volumes).toContainEqual({ name: 'swarmscope', image: { reference: IMAGE, pullPolicy: 'IfNotPresent' } });
      for (const [at, container] of made.spec.containers.entries()) {
        expect(container.volumeMounts).toContainEqual(expect.objectContaining(MOUNT));
        expect(envOf(made, at)).toEqual([{ name: 'NODE_OPTIONS', value: REQUIRE }, ENDPOINT, ATTRIBUTES]);
      }
    });

    test('puts its option behind those that a pod brings along', async () => {
      const made = await created(pod('options', { env: [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=512' }] }));
      expect(envOf(made)).toContainEqual({ name: 'NODE_OPTIONS', value: `--max-old-space-size=512 ${REQUIRE}` });
      expect(envOf(made, 1)).toContainEqual({ name: 'NODE_OPTIONS', value: REQUIRE });
    });

    test('leaves an endpoint, attributes and a TRACEPARENT as they are', async () => {
      const env = [
        { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://mine:4318' },
        { name: 'OTEL_RESOURCE_ATTRIBUTES', value: 'team=red' },
        { name: 'TRACEPARENT', value: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
      ];
      const made = await created(pod('own', { env }));
      expect(envOf(made)).toEqual([...env, { name: 'NODE_OPTIONS', value: REQUIRE }]);
    });

    test('leaves a container alone whose options it cannot read', async () => {
      const valueFrom = { configMapKeyRef: { name: 'options', key: 'node' } };
      const made = await created(pod('elsewhere', { env: [{ name: 'NODE_OPTIONS', valueFrom }] }));
      expect(envOf(made)).toEqual([{ name: 'NODE_OPTIONS', valueFrom }]);
      expect(made.spec.containers[0]?.volumeMounts).toBeUndefined();
      expect(envOf(made, 1)).toContainEqual({ name: 'NODE_OPTIONS', value: REQUIRE });
    });

    test('touches no pod that does not ask, and none of a namespace that does not send', async () => {
      for (const untouched of [pod('silent', { labels: {} }), pod('far', { inNamespace: 'elsewhere' })]) {
        const made = await created(untouched);
        expect(JSON.stringify(made)).not.toContain(IMAGE);
        expect(envOf(made)).toEqual([]);
      }
    });
  });
});

function instrumentationObject(): KubeObject {
  return { apiVersion: 'opentelemetry.io/v1alpha1', kind: 'Instrumentation', metadata: { name: 'swarmscope', namespace: 'swarmscope' } };
}
