/** Watches small modules, each of which exports a function in another way, and prints what their importers get. */
import { createRequire } from 'node:module';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'modules-'));
const sources = {
  'function.mjs': 'export default function limit() { return "theirs"; }',
  'const.mjs': 'const limit = () => "theirs"; export default limit;',
  'minified.mjs': 'function $t() { return "theirs"; } export{$t as limit,$t as default};',
  'inner.mjs': 'const a = () => "theirs"; const b = () => { function a() {} return a; }; b(); export{a as limit,a as default};',
  'other.mjs': 'function limit() { return "theirs"; } export{limit as default};',
  'function.cjs': 'function limit() { return "theirs"; } module.exports = limit; module.exports.more = 1;',
  'const.cjs': 'const limit = () => "theirs"; module.exports = limit;',
  'comment.cjs': '// function limit\nmodule.exports = () => "theirs";',
  'faulty.cjs': 'function limit() { return "theirs"; } module.exports = limit;',
  'early.cjs': 'function limit() { return "theirs"; } module.exports = limit;',
};
/** Whose names are not those that they export. */
const EXPORTED: ReadonlySet<string> = new Set(['minified.mjs', 'inner.mjs', 'other.mjs']);
for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
// The hooks are bundled as CommonJS, where there is `require`.
const require = createRequire(import.meta.url);
(globalThis as { require?: unknown }).require = require;
require(join(folder, 'early.cjs'));

const { subscribeModule } = await import('../../../src/hooks/module-load.ts');
for (const name of Object.keys(sources)) {
  subscribeModule(
    { name, file: new RegExp(`/${name.replace('.', '\\.')}$`), binding: EXPORTED.has(name) ? 'export limit' : 'limit' },
    (exported) => {
      if (name === 'faulty.cjs') throw new Error('ours');
      return Object.assign(() => 'ours', exported);
    },
  );
}
type Limit = (() => string) & { more?: number };
const seen: Record<string, unknown> = {};
for (const name of Object.keys(sources)) {
  const path = join(folder, name);
  // Node hands to `import` what it kept when the module was first loaded.
  const limit = name === 'early.cjs' ? (require(path) as Limit) : ((await import(pathToFileURL(path).href)) as { default: Limit }).default;
  seen[name] = [limit(), limit.more];
}
console.log(JSON.stringify(seen));
