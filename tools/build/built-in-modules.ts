// Gives programs of ours that are ES modules the built-in modules of Node as they are. An `import` of one first makes a copy of all its exports,
// and reads each: `node:http` alone then loads the whole of undici for a getter that nobody asked for. That was a quarter of the start of a command.
import { builtinModules, isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/** The source of a module that exports what the built-in module has when it is first loaded; what nobody imports falls away. */
export function builtInSource(name: string): string {
  const found = process.getBuiltinModule(name);
  if (found === undefined) throw new Error(`${name} is no built-in module; there are ${builtinModules.join(', ')}`);
  const names = Object.keys(found).filter((key) => key !== 'default' && /^[A-Za-z_$][\w$]*$/.test(key));
  return [
    `const found = process.getBuiltinModule(${JSON.stringify(name)});`,
    'const of = (key) => found[key];',
    ...names.map((key, index) => `const e${index} = /* @__PURE__ */ of(${JSON.stringify(key)});`),
    `export { ${names.map((key, index) => `e${index} as ${key}`).join(', ')} };`,
    'export default found;',
  ].join('\n');
}

export const builtInModules: Plugin = {
  name: 'built-in-modules',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path)
        ? { path: path.startsWith('node:') ? path : `node:${path}`, namespace: 'built-in' }
        : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'built-in' }, ({ path }) => ({ contents: builtInSource(path), loader: 'js' }));
  },
};
