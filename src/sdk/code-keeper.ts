/** Makes what V8 makes of the preload and keeps it beside the private copy, so that the processes of a run need not compile it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeFileOf, headOf, keptCode, readKeptCode, TAIL } from '../config/kept-code.ts';
import { readPrivate, statusOf } from '../config/small-file.ts';
import { writeWhole } from '../config/write-whole.ts';
import type { PreloadCopy } from '../observers/child-process/preload-copy.ts';

/** A start takes 0.1 s; where the machine is that busy, the run goes on without. */
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 4_194_304;
/** Files of other Nodes that are kept. */
const KEPT_FILES = 8;

/**
 * Once for each Node and version of ours, by a process of its own in which the preload starts: V8 then keeps the
 * functions that a start needs. It blocks for that long; never throws.
 */
export function keepCode({ copy, sizes }: PreloadCopy): void {
  const bundle = join(dirname(copy), 'arming.cjs');
  // Windows does not tell who wrote a file.
  if (process.getuid === undefined) return;
  try {
    const source = readPrivate(bundle, MAX_BYTES);
    if (source === undefined || source.length !== sizes['arming.cjs']) return;
    if (readKeptCode(bundle)?.text.endsWith(`{${source.toString('utf8')}${TAIL}`) === true) return;
    const program = `(${String(make)})(${JSON.stringify({ register: copy, bundle, head: headOf(['*']), tail: TAIL })})`;
    // Nobody is told of this process: a preload of its parent leaves it alone.
    const env = { SWARMSCOPE_DISABLED: 'true' };
    const { status, stdout } = spawnSync(process.execPath, ['-e', program], { env, timeout: TIMEOUT_MS, maxBuffer: 2 * MAX_BYTES });
    const at = status === 0 ? stdout.indexOf('\n') : -1;
    if (at < 0) return;
    const textBytes = Number(stdout.toString('latin1', 0, at));
    const [text, code] = [stdout.toString('utf8', at + 1, at + 1 + textBytes), stdout.subarray(at + 1 + textBytes)];
    if (code.length === 0 || !text.includes(source.toString('utf8'))) return;
    writeWhole(codeFileOf(bundle), keptCode({ text, code }));
    removeOld(dirname(copy));
  } catch {
    // A read-only or full disk, no process to be had: every start compiles.
  }
}

function removeOld(folder: string): void {
  const kept = readdirSync(folder)
    .filter((name) => name.endsWith('.code'))
    .map((name) => ({ path: join(folder, name), madeMs: statusOf(join(folder, name))?.mtimeMs ?? 0 }))
    .sort((a, b) => b.madeMs - a.madeMs);
  for (const { path } of kept.slice(KEPT_FILES)) rmSync(path, { force: true });
}

interface Told {
  readonly register: string;
  readonly bundle: string;
  /** With a star for the names of the parameters. */
  readonly head: string;
  readonly tail: string;
}

/* eslint-disable no-restricted-properties -- it runs in another process, alone in its command line */
/** Writes text and code to its standard output. Nothing outside of this function may be named in it. */
function make({ register, bundle, head, tail }: Told): void {
  delete process.env['SWARMSCOPE_DISABLED'];
  const vm = process.getBuiltinModule('node:vm') as { compileFunction: unknown; Script: typeof import('node:vm').Script };
  const fs = process.getBuiltinModule('node:fs');
  const { compileFunction, Script } = vm;
  const made: { text: string; script: import('node:vm').Script }[] = [];
  vm.compileFunction = (source: string, parameters: string[], options: { filename: string }): unknown => {
    const text = head.replace('*', parameters.join(',')) + source + tail;
    const script = new Script(text, options);
    if (options.filename === bundle) made.push({ text, script });
    return script.runInThisContext() as unknown;
  };
  const { _load } = process.getBuiltinModule('node:module') as unknown as { _load: (path: string, parent: null, isMain: boolean) => void };
  _load(register, null, false);
  vm.compileFunction = compileFunction;
  // After the preload's own listeners, whose code is kept, too.
  process.on('exit', () => {
    for (const { text, script } of made) {
      const bytes = Buffer.concat([Buffer.from(`${Buffer.byteLength(text)}\n${text}`), script.createCachedData()]);
      for (let at = 0; at < bytes.length;) at += fs.writeSync(1, bytes, at);
    }
  });
}
