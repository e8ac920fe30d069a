// Checks the packed tarball: exactly the right files, nothing of this machine in them, and what publint and
// are-the-types-wrong say.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundles } from './build/bundles.ts';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');

/** What a user needs, and nothing else. */
const expected = [
  'LICENSE',
  'README.md',
  'package.json',
  'dist/THIRD_PARTY_NOTICES.txt',
  'dist/index.d.cts',
  'dist/index.d.mts',
  'dist/register.d.cts',
  ...bundles.map(({ output }) => output),
].sort();

/** The page is read at each opening of the local view, and is in every file that is shared. */
const PAGE = { file: 'dist/view.html', maxKb: 130, maxPackedKb: 45 };

/** What must not be in a shipped file: it would tell of the machine that built it, or is dead weight. */
const forbidden: readonly (readonly [RegExp, string])[] = [
  [new RegExp(root.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')), 'the path of this checkout'],
  [/\/(?:home|root|Users)\/[\w.-]+\//, 'a path of a home folder'],
  [/sourceMappingURL=/, 'a reference to a source map'],
];

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

function contentFaults({ files }: Packed): string[] {
  const paths = files.map(({ path }) => path).sort();
  const faults = [
    ...expected.filter((path) => !paths.includes(path)).map((path) => `missing from the package: ${path}`),
    ...paths.filter((path) => !expected.includes(path)).map((path) => `must not be in the package: ${path}`),
  ];
  const command = files.find(({ path }) => path === 'dist/cli.mjs');
  if (command !== undefined && (command.mode & 0o111) === 0) faults.push('dist/cli.mjs is not executable');
  for (const path of paths) {
    const text = readFileSync(join(root, path), 'utf8');
    for (const [pattern, what] of forbidden)
      if (pattern.test(text)) faults.push(`${path} contains ${what}: ${pattern.exec(text)?.[0] ?? ''}`);
  }
  const page = readFileSync(join(root, PAGE.file));
  const [pageKb, packedKb] = [page.length, gzipSync(page).length].map((bytes) => Math.round(bytes / 102.4) / 10) as [number, number];
  console.log(`${PAGE.file}: ${pageKb} KB, ${packedKb} KB packed; at most ${PAGE.maxKb} and ${PAGE.maxPackedKb}`);
  if (pageKb > PAGE.maxKb || packedKb > PAGE.maxPackedKb)
    faults.push(`${PAGE.file} has grown beyond ${PAGE.maxKb} KB, ${PAGE.maxPackedKb} KB packed`);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  for (const field of ['dependencies', 'optionalDependencies', 'peerDependencies']) {
    if (manifest[field] !== undefined) faults.push(`package.json has ${field}; everything is bundled`);
  }
  return faults;
}

/** Runs a checker; prints what it said when it is not content. */
function isContent(name: string, args: readonly string[]): boolean {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(bin, name), ...args], { cwd: root, encoding: 'utf8' });
  console.log(`${name}: ${status === 0 ? 'nothing to complain about' : `failed\n${stdout}${stderr}`}`);
  return status === 0;
}

const folder = mkdtempSync(join(tmpdir(), 'swarmscope-pack-'));
try {
  const answer = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = JSON.parse(answer) as [Packed];
  const faults = contentFaults(packed);
  console.log(
    `${packed.filename}: ${packed.files.length} files, ${(packed.size / 1024).toFixed(0)} KB packed, ${(packed.unpackedSize / 1024).toFixed(0)} KB unpacked`,
  );
  for (const fault of faults) console.log(`  ${fault}`);
  const tarball = join(folder, packed.filename);
  const isFine = [isContent('publint', ['run', tarball, '--strict']), isContent('attw', [tarball, '--profile', 'node16'])].every(Boolean);
  process.exitCode = isFine && faults.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
