/** What kustomize makes of deploy/, as a user gets it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { stackBinary } from '../../../tools/stack-binaries.ts';
import { freshFolder } from '../../harness/index.ts';
import { repository } from '../../harness/paths.ts';
import type { Combination } from './combinations.ts';
import type { KubeObject } from './objects.ts';

/** Every object of the combination, in kustomize's order. Throws with its message when it refuses. */
export function render({ from, gateways = 3 }: Combination): KubeObject[] {
  if (typeof from === 'string') return build(join(repository, 'deploy/overlays', from));
  // kustomize takes no folder by an absolute path, so the overlay lies beside the components.
  const deploy = join(freshFolder('deploy'), 'deploy');
  cpSync(join(repository, 'deploy'), deploy, { recursive: true });
  const overlay = join(deploy, 'overlays/combination');
  mkdirSync(overlay, { recursive: true });
  writeFileSync(
    join(overlay, 'kustomization.yaml'),
    stringify({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      namespace: 'swarmscope',
      resources: ['../../base'],
      components: from.map((name) => `../../components/${name}`),
      ...(from.includes('autoscale') ? {} : { replicas: [{ name: 'swarmscope-gateway', count: gateways }] }),
    }),
  );
  return build(overlay);
}

function build(folder: string): KubeObject[] {
  const text = execFileSync(stackBinary('kustomize'), ['build', folder], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: 'pipe' });
  return parseAllDocuments(text).map((document) => document.toJS() as KubeObject);
}
