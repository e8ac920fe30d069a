/** The real programs take the files that the pods of deploy/ mount, with the pods' own arguments. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { stackBinary } from '../../../tools/stack-binaries.ts';
import { freshFolder } from '../../harness/index.ts';
import { isCollector } from './collectors.ts';
import { describeWithPrograms } from './needs.ts';
import { environmentOf, filesOf, workloads, type KubeObject, type Workload } from './objects.ts';
import { render } from './render.ts';

const run = promisify(execFile);

/** What a pod finds below its mounts, in a folder; the arguments of its container lead there. */
function mounted(objects: readonly KubeObject[], { pod, container }: Workload): { args: string[]; folder: string } {
  const folder = freshFolder('pod');
  for (const { name, mountPath } of container.volumeMounts) {
    const volume = pod.volumes.find((each) => each.name === name);
    mkdirSync(join(folder, mountPath), { recursive: true });
    if (volume === undefined) continue;
    for (const [file, text] of Object.entries(filesOf(objects, volume))) writeFileSync(join(folder, mountPath, file), text);
  }
  return { args: container.args.map((arg) => arg.replace('=/', `=${folder}/`)), folder };
}

describeWithPrograms(
  'kustomize',
  'otelcol',
  'tempo',
  'promtool',
)('overlays/example', () => {
  const objects = (): KubeObject[] => render({ title: '', from: 'example' });
  const named = (all: readonly KubeObject[], name: string): Workload => {
    const found = workloads(all).find((workload) => workload.name === name);
    if (found === undefined) throw new Error(`no workload ${name}`);
    return found;
  };

  // All combinations of the collector's files are tried in overlays.test.ts.
  test('has collectors that take what their pods are given', async () => {
    const all = objects();
    const collectors = workloads(all).filter(isCollector);
    expect(collectors.map(({ name }) => name).sort()).toEqual(['swarmscope-agent', 'swarmscope-edge', 'swarmscope-gateway']);
    for (const workload of collectors) {
      const { args, folder } = mounted(all, workload);
      const secret = join(folder, 'secret');
      writeFileSync(secret, 'a-token of-a-team\n');
      const env = { ...environmentOf(all, workload.container), TOKEN_FILE: secret, TLS_CERT: secret, TLS_KEY: secret };
      const { stdout, stderr } = await run(stackBinary('otelcol'), ['validate', ...args], { env });
      expect({ name: workload.name, said: `${stdout}${stderr}` }).toEqual({ name: workload.name, said: '' });
    }
  });

  test('has a configuration that Tempo takes, tenants and their limits too', async () => {
    const all = objects();
    const { args, folder } = mounted(all, named(all, 'tempo'));
    const bucket = { S3_BUCKET: 'b', S3_ENDPOINT: 'localhost:9', S3_REGION: 'r', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 's' };
    const { stdout, stderr } = await run(stackBinary('tempo'), [...args, '-config.verify=true'], { env: bucket, cwd: folder });
    expect(`${stdout}${stderr}`).not.toMatch(/error|failed|level=warn/);
  });

  test('has rules that Prometheus takes, of Thanos and of the Operator', async () => {
    const all = objects();
    const volume = named(all, 'thanos-rule').pod.volumes.find(({ name }) => name === 'rules');
    const folder = freshFolder('rules');
    const files = Object.entries(volume === undefined ? {} : filesOf(all, volume));
    const scraped = all.filter(({ kind }) => kind === 'PrometheusRule');
    expect([files.length, scraped.length]).toEqual([1, 1]);
    const texts = [...files.map(([, text]) => text), ...scraped.map(({ spec }) => stringify(spec))];
    for (const [index, text] of texts.entries()) {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, text);
      const rules = (parse(text) as { groups: { rules: unknown[] }[] }).groups.flatMap((group) => group.rules);
      const { stdout } = await run(stackBinary('promtool'), ['check', 'rules', file]);
      expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`);
    }
  });
});
