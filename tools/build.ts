// Builds what is shipped: the bundles, their typed doors and the notices of what they contain, into dist/.
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buildBundle, bundles, type BuiltBundle } from './build/bundles.ts';
import { writeDoors } from './build/doors.ts';
import { noticesOf } from './build/notices.ts';
import { writeWhole } from './build/write-whole.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const notices = 'dist/THIRD_PARTY_NOTICES.txt';

/** Kilobytes with one decimal, for the table of sizes. */
function inKilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1).padStart(8)} KB`;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** What an older build left and this one does not make. */
async function removeOthers(outputs: readonly string[]): Promise<void> {
  const known = new Set(outputs.map((output) => basename(output)));
  const others = (await readdir(dist)).filter((name) => !known.has(name) && !name.endsWith('.tmp'));
  await Promise.all(others.map((name) => rm(join(dist, name), { recursive: true, force: true })));
}

async function main(): Promise<number> {
  const startedMs = Date.now();
  await mkdir(dist, { recursive: true });
  const built: BuiltBundle[] = [];
  const faults: string[] = [];
  for (const bundle of bundles) {
    if (!(await isFile(join(root, bundle.entry)))) {
      faults.push(`${bundle.output}: ${bundle.entry} does not exist`);
      continue;
    }
    await buildBundle(root, bundle).then(
      (one) => built.push(one),
      (error: unknown) => faults.push(`${bundle.output}: ${firstLine(error)}`),
    );
  }
  await writeWhole(join(root, notices), await noticesOf(root, built));
  const doors = await writeDoors(root).catch((error: unknown) => {
    faults.push(`dist/index.d.mts: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  });
  await removeOthers([...built.map((one) => one.output), ...doors.map((one) => one.output), notices]);
  for (const { output, bytes } of [...built, ...doors]) console.log(`${output.padEnd(24)}${inKilobytes(bytes)}`);
  for (const fault of faults) console.error(`NOT BUILT ${fault}`);
  console.log(
    `built ${built.length} of ${bundles.length} bundles and ${doors.length} of 3 typed doors in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`,
  );
  return faults.length > 0 ? 1 : 0;
}

/** esbuild has printed the rest already. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}

process.exitCode = await main();
