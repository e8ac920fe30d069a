/**
 * Writes what is generated below deploy/: the agents' overlays for so many gateways, and what must agree with other files of the repository.
 * `node tools/generate-deploy.ts` writes; `--check` writes nothing and exits 1 when something is stale; `--root DIR` works on another tree;
 * `--shards N` prints the overlay for N gateways.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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
};

try {
  if (values.shards !== undefined) process.stdout.write(renderShards(Number(values.shards)));
  else writeOrCheck();
} catch (error) {
  process.stderr.write(`deploy: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function writeOrCheck(): void {
  const rendered = Object.entries(files).map(([path, render]) => ({ path, wanted: render() }));
  const stale = rendered.filter(({ path, wanted }) => !existsSync(join(values.root, path)) || read(path) !== wanted);
  if (!values.check) for (const { path, wanted } of stale) writeFileSync(join(values.root, path), wanted);
  if (values.check && stale.length > 0) {
    process.stderr.write(
      `deploy: ${stale.map(({ path }) => path).join(', ')} stale\nRun \`node tools/generate-deploy.ts\` and commit what it writes.\n`,
    );
    process.exitCode = 1;
  } else process.stdout.write(`deploy: ${rendered.length} files ${values.check ? 'are up to date' : 'written'}\n`);
}
