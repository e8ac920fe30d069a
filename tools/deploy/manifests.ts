/** What kustomize reads and other files of the repository say already: kustomize takes no file from outside of its folder, so each has its own. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { boardFiles } from './boards.ts';
import { generated, type Files } from './files.ts';
import { ruleFiles } from './rules.ts';
import { renderShards, SHARD_COUNTS } from './shards.ts';
import { storeFiles } from './stores.ts';

/** Where a file of the collector goes, by its path in the repository. */
const CONFIGS: Readonly<Record<string, readonly string[]>> = {
  base: ['otel-collector.yaml', 'deploy/collector/agent.yaml', 'deploy/collector/any-gateway.yaml', 'deploy/collector/gateway.yaml'],
  'components/edge': ['otel-collector.tls.yaml'],
  'components/fold': ['deploy/collector/fold.yaml'],
  'components/keep': ['deploy/collector/keep.yaml'],
  'components/sample': ['deploy/collector/sample.yaml'],
  'components/thanos': ['deploy/collector/thanos.yaml'],
};

/** On the disk of an agent there is room for so many bytes of waiting traces, over all gateways. */
const AGENT_QUEUES_BYTES = 805_306_368;

/** Every file below deploy/ that is made of another one, beside the overlays of deploy/collector. */
export function manifestFiles(root: string): Files {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  return {
    ...Object.fromEntries(
      Object.entries(CONFIGS).flatMap(([folder, paths]) =>
        paths.map((path) => [`deploy/${folder}/generated/${basename(path)}`, () => generated(path, read(path))]),
      ),
    ),
    ...Object.fromEntries(
      SHARD_COUNTS.flatMap((count) => [
        [`deploy/components/shards-${count}/kustomization.yaml`, () => shardsComponent(count)],
        [`deploy/components/shards-${count}/generated/shards.yaml`, () => renderShards(count)],
      ]),
    ),
    ...ruleFiles(read),
    ...boardFiles(root),
    ...storeFiles(read),
  };
}

function shardsComponent(count: number): string {
  return generated(
    'tools/deploy/shards.ts',
    `# Agents divide traces between ${count} gateways, each with a queue of its own: there must be at least so many.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
configMapGenerator:
  - { name: swarmscope-agent, behavior: merge, files: [route.yaml=generated/shards.yaml] }
patches:
  - target: { labelSelector: swarmscope.dev/tier=agent }
    patch: |-
      - op: add
        path: /spec/template/spec/containers/0/env/-
        value: { name: GATEWAY_QUEUE_BYTES, value: '${Math.floor(AGENT_QUEUES_BYTES / count)}' }
`,
  );
}
