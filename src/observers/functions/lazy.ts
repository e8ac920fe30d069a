/** Which functions are declared, whether they are there, and what runs in their place. */
import { realpathSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readConfigFile } from '../../config/config-file.ts';
import { readDeclared, type DeclaredFunction } from '../../config/declared-functions.ts';
import { readSmall } from '../../config/small-file.ts';
import { startedWith } from '../../config/started-with.ts';
import { wrapMethod } from '../../hooks/wrap-method.ts';
import type { ObserverContext } from '../observer.ts';
import { declaredCall, watchedFunction } from './call.ts';
import { withHandOver } from './source.ts';

const MAX_BYTES = 10_485_760;
const STDERR = 2;

interface Declaration {
  readonly declared: DeclaredFunction;
  isMatched: boolean;
}

/** What the text of a module hands over. */
type Handed =
  { readonly key: string; readonly value: unknown } | { readonly keys: readonly string[]; readonly exported?: { exports: unknown } };

interface Text {
  readonly url: string;
  readonly edit: (text: string) => string;
}

export function declaredIn(
  context: ObserverContext,
  folder: string,
  { name, key }: { name: string; key: string },
): { texts: readonly Text[]; tell: (handed: unknown) => unknown } {
  const read = readConfigFile(folder);
  const { functions, problems } = readDeclared(read !== undefined && 'config' in read ? read.config.functions : undefined);
  for (const { field, expected } of problems) missing(context, field, `expected ${expected}`);
  const byKey = new Map<string, Declaration>();
  const byUrl = new Map<string, { key: string; root: string }[]>();
  functions.forEach((declared, index) => {
    const url = urlOf(context, folder, declared);
    if (url === undefined) return;
    byKey.set(String(index), { declared, isMatched: false });
    const [root = ''] = declared.export.split('.');
    byUrl.set(url, [...(byUrl.get(url) ?? []), { key: String(index), root }]);
  });
  const call = `globalThis[Symbol.for(${JSON.stringify(key)})]?.bind(undefined, ${JSON.stringify(name)})`;
  const texts = [...byUrl].map(([url, named]) => ({ url, edit: (text: string) => withHandOver(text, named, call) }));
  return { texts, tell: (handed) => take(context, byKey, handed as Handed) };
}

/** undefined where there is no such file, or it does not hold that name. */
function urlOf(context: ObserverContext, folder: string, declared: DeclaredFunction): string | undefined {
  const path = resolve(folder, declared.module);
  const text = readSmall(path, MAX_BYTES)?.text;
  const last = declared.export.split('.').at(-1) ?? '';
  if (text === undefined) missing(context, nameOf(declared), 'there is no such file');
  else if (last !== 'default' && !text.includes(last)) missing(context, nameOf(declared), 'the file does not hold that name');
  else return pathToFileURL(realpathSync(path)).href;
  return undefined;
}

function take(context: ObserverContext, byKey: ReadonlyMap<string, Declaration>, handed: Handed): unknown {
  if ('key' in handed) {
    const declaration = byKey.get(handed.key);
    return declaration === undefined ? undefined : watched(context, declaration, handed.value);
  }
  for (const key of handed.keys) {
    const declaration = byKey.get(key);
    if (declaration === undefined) continue;
    if (handed.exported !== undefined) watchExports(context, declaration, handed.exported);
    if (!declaration.isMatched)
      missing(context, nameOf(declaration.declared), 'the module has no such function, or one that cannot be replaced');
  }
  return undefined;
}

/** What takes the place of a function, or of one method of a class. */
function watched(context: ObserverContext, declaration: Declaration, value: unknown): unknown {
  if (typeof value !== 'function') return undefined;
  const { declared } = declaration;
  const [, method] = declared.export.split('.');
  const call = declaredCall(context, declared);
  if (method === undefined) {
    declaration.isMatched = true;
    return watchedFunction(value, call);
  }
  for (const target of [(value as { prototype?: unknown }).prototype, value]) {
    if (declaration.isMatched || (typeof target !== 'object' && typeof target !== 'function')) continue;
    if (target === null || typeof Reflect.get(target, method) !== 'function') continue;
    wrapMethod(target, method, (original, self, args) => call(original, self, args));
    declaration.isMatched = true;
  }
  return undefined;
}

/** Of CommonJS: the function may have a name there alone. */
function watchExports(context: ObserverContext, declaration: Declaration, module: { exports: unknown }): void {
  const [root = ''] = declaration.declared.export.split('.');
  const { exports } = module;
  const isWhole = typeof exports === 'function' && (root === 'default' || exports.name === root);
  const given: unknown = isWhole ? exports : (exports as Record<string, unknown> | undefined | null)?.[root];
  const instead = watched(context, declaration, given);
  if (typeof instead !== 'function') return;
  if (isWhole) module.exports = instead;
  else if (!Reflect.set(exports as object, root, instead)) declaration.isMatched = false;
}

const nameOf = (declared: DeclaredFunction): string => `${declared.export} of ${declared.module}`;

/** Once by the first process of a run, on its standard error; `doctor` tells it of each. */
function missing(context: ObserverContext, what: string, why: string): void {
  context.fault(`function ${what}`, why);
  if ((startedWith['SWARMSCOPE_RUN_DIR'] ?? '') !== '') return;
  try {
    writeSync(STDERR, `swarmscope: swarmscope.config.json: ${what}: ${why}\n`);
  } catch {
    // EPIPE, EAGAIN, EBADF: doctor tells it.
  }
}
