/**
 * Writes what is generated below deploy/: the agents' overlays for so many gateways, and what must agree with other files of the repository.
 * `node tools/generate-deploy.ts` writes; `--check` writes nothing and exits 1 when something is stale; `--root DIR` works on another tree;
 * `--shards N` prints the overlay for N gateways.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { manifestFiles } from './deploy/manifests.ts';
import { promotedAttributes, withKept } from './deploy/promoted.ts';
import { renderShards, SHARD_COUNTS } from './deploy/shards.ts';

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    root: { type: 'string', default: join(import.meta.dirname, '..') },
    shards: { type: 'string' },
  },
});

const read = (path: string): string => readFileSync(join(values.root, path), 'utf8');

/** What each file holds, by its path. */
const files: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(SHARD_COUNTS.map((count) => [`deploy/collector/shards-${count}.yaml`, () => renderShards(count)])),
  'deploy/collector/fold.yaml': () => withKept(read('deploy/collector/fold.yaml'), promotedAttributes(values.root)),
  // After the overlays: they are made of them.
  ...manifestFiles(values.root),
};

try {
  if (values.shards !== undefined) process.stdout.write(renderShards(Number(values.shards)));
  else writeOrCheck();
} catch (error) {
  process.stderr.write(`deploy: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function writeOrCheck(): void {
  // One after the other: later files are made of earlier ones.
  const stale = Object.entries(files).filter(([path, render]) => {
    const wanted = render();
    if (existsSync(join(values.root, path)) && read(path) === wanted) return false;
    if (!values.check) write(path, wanted);
    return true;
  });
  const superfluous = globSync('deploy/**/generated/*', { cwd: values.root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !(path in files));
  if (!values.check) for (const path of superfluous) rmSync(join(values.root, path));
  const paths = [...stale.map(([path]) => path), ...superfluous];
  if (values.check && paths.length > 0) {
    process.stderr.write(`deploy: ${paths.join(', ')} stale\nRun \`node tools/generate-deploy.ts\` and commit what it writes.\n`);
    process.exitCode = 1;
  } else process.stdout.write(`deploy: ${Object.keys(files).length} files ${values.check ? 'are up to date' : 'written'}\n`);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(values.root, path)), { recursive: true });
  writeFileSync(join(values.root, path), text);
}
