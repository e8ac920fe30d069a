/** The private copy of the preload that children load: no `npm ci` removes it, and it is found from any folder. */
import { readdirSync, rmSync, unlinkSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeOwnFolders } from '../../config/private-folder.ts';
import { readBytes, readPrivate, statusOf } from '../../config/small-file.ts';
import { distrust } from '../../config/trusted-path.ts';
import { PART_SUFFIX, writeWhole } from '../../config/write-whole.ts';

/** The files of the preload; `register.cjs` loads the others from its own folder. */
const FILES = [
  'register.cjs',
  'arming.cjs',
  'observers.cjs',
  'recorder.cjs',
  'assembly.cjs',
  'exit-sender.cjs',
  'machine.cjs',
  'gpu.cjs',
  'system-gpus.cjs',
  'prices.cjs',
];
/** In the copy: the sizes of its files. It is written last, so that a copy without it is not whole. */
const SIZES_FILE = 'sizes.json';
const MAX_SIZES_BYTES = 4_096;
/** The largest bundle has 170 KB; protects from a huge file in its place. */
const MAX_FILE_BYTES = 4_194_304;
/** A file that is being written is there for milliseconds; one this old was left by a process that was killed. */
const STALE_MS = 60_000;
/** Copies of other versions that are kept while they are used now and then. */
const KEPT_COPIES = 16;
const UNUSED_MS = 30 * 86_400_000;

export interface PreloadCopy {
  /** Its `register.cjs`. */
  readonly copy: string;
  /** By name, in bytes: a file of another size is not the one that was copied. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** The folder that holds a copy for each version. */
const copiesIn = (cache: string): string => join(cache, 'preload');

/**
 * Copies `from` to a folder named by content, or mends what is lost or wrong in it, each file whole or not at all.
 * Throws when that fails, and where others can change what lies there. A process that was started from a copy has no
 * files to mend it with, and throws where it is not whole.
 */
export function preloadCopy(from: string, cache: string, version: string): PreloadCopy {
  const base = copiesIn(cache);
  if (dirname(from) === base) return inFolder(from);
  const contents = FILES.flatMap((name) => {
    const bytes = readBytes(join(from, name), MAX_FILE_BYTES);
    return bytes === undefined ? [] : [{ name, bytes }];
  });
  if (contents[0]?.name !== 'register.cjs') throw new Error(`the preload is gone from ${from}`);
  const target = join(base, `${version}-${hashOf(contents.map(({ bytes }) => bytes))}`);
  assertSafe(target);
  makeOwnFolders(cache, [basename(base), basename(target)]);
  const sizes = Object.fromEntries(contents.map(({ name, bytes }) => [name, bytes.length]));
  const all = [...contents, { name: SIZES_FILE, bytes: Buffer.from(JSON.stringify(sizes)) }];
  let isMended = false;
  for (const { name, bytes } of all) {
    const path = join(target, name);
    if (readPrivate(path, MAX_FILE_BYTES)?.equals(bytes) === true) continue;
    if (!isMended) removeLeftovers(base, target);
    isMended = true;
    put(path, bytes);
  }
  return inFolder(target);
}

export interface CopyState {
  /** Of its folder. */
  readonly name: string;
  readonly version: string;
  /** Why it cannot be used; undefined: it is whole, and nobody else can change it. */
  readonly problem: string | undefined;
}

export interface CopyStates {
  /** Where they are. */
  readonly folder: string;
  /** Why nothing that lies there may be executed; undefined: it may. */
  readonly unsafe: string | undefined;
  readonly copies: readonly CopyState[];
}

/** Every copy, verified by its content: its folder's name tells the hash. */
export function copyStates(cache: string): CopyStates {
  const folder = copiesIn(cache);
  const copies = namesIn(folder)
    .filter(isCopyName)
    .map((name) => ({ name, version: name.slice(0, name.lastIndexOf('-')), problem: problemOf(join(folder, name)) }));
  return { folder, unsafe: distrust(folder), copies };
}

function problemOf(folder: string): string | undefined {
  try {
    const { sizes } = inFolder(folder);
    const contents = FILES.filter((name) => name in sizes).map((name) => readPrivate(join(folder, name), MAX_FILE_BYTES) ?? Buffer.of());
    return folder.endsWith(`-${hashOf(contents)}`) ? undefined : 'its content is not what was copied';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The copy in `folder`, as far as sizes, owners and modes tell. Throws where it is not whole or can be changed. */
function inFolder(folder: string): PreloadCopy {
  assertSafe(folder);
  const sizes = sizesIn(folder);
  for (const [name, bytes] of Object.entries(sizes ?? {})) {
    const found = statusOf(join(folder, name));
    if (found?.isFile() === true && found.size === bytes && isClosed(found)) continue;
    throw new Error(`the private copy of the preload is not whole: ${name} is missing, cut or not private`);
  }
  if (sizes?.['register.cjs'] === undefined) throw new Error(`the private copy of the preload is not whole: ${SIZES_FILE} is missing`);
  touch(folder);
  return { copy: join(folder, 'register.cjs'), sizes };
}

function assertSafe(folder: string): void {
  const why = distrust(folder);
  if (why !== undefined) throw new Error(`the private copy of the preload is not safe: ${why}`);
}

function sizesIn(folder: string): Record<string, number> | undefined {
  try {
    const text = readPrivate(join(folder, SIZES_FILE), MAX_SIZES_BYTES)?.toString('utf8');
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, number>);
  } catch {
    // Not ours, or cut.
    return undefined;
  }
}

function isClosed({ mode, uid }: { mode: number; uid: number }): boolean {
  return process.platform === 'win32' || ((mode & 0o077) === 0 && uid === process.getuid?.());
}

/** What stands in its place and is no file is removed. */
function put(path: string, bytes: Buffer): void {
  if (statusOf(path)?.isDirectory() === true) rmSync(path, { recursive: true });
  writeWhole(path, bytes);
}

/** Loaded late, since it takes 5 ms: only processes that start children need it. */
function hashOf(contents: readonly Buffer[]): string {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (const bytes of contents) hash.update(bytes);
  return hash.digest('hex').slice(0, 12);
}

/** What processes left that were killed or met a full disk, and copies of other versions that nobody uses any more. */
function removeLeftovers(base: string, target: string): void {
  const now = Date.now();
  for (const name of namesIn(target))
    if (name.endsWith(PART_SUFFIX) && now - changedMs(join(target, name)) > STALE_MS) quietly(() => unlinkSync(join(target, name)));
  // An earlier version made its copies in such folders.
  for (const name of namesIn(base))
    if (name.startsWith('.new-') && now - changedMs(join(base, name)) > STALE_MS)
      quietly(() => rmSync(join(base, name), { recursive: true, force: true }));
  const copies = namesIn(base)
    .filter(isCopyName)
    .map((name) => ({ path: join(base, name), ageMs: now - changedMs(join(base, name)) }))
    .sort((a, b) => a.ageMs - b.ageMs);
  for (const [at, { path, ageMs }] of copies.entries())
    if (path !== target && at >= KEPT_COPIES && ageMs > UNUSED_MS) quietly(() => rmSync(path, { recursive: true, force: true }));
}

const isCopyName = (name: string): boolean => /^\d.*-[0-9a-f]{12}$/.test(name);

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing was ever copied.
    return [];
  }
}

/** Gone meanwhile counts as new. */
const changedMs = (path: string): number => statusOf(path)?.mtimeMs ?? Date.now();

/** Tells that it is used. */
function touch(folder: string): void {
  const now = Date.now() / 1000;
  quietly(() => utimesSync(folder, now, now));
}

function quietly(fn: () => void): void {
  try {
    fn();
  } catch {
    // Another process was faster, or the disk is read-only.
  }
}
