// The app's own loader, of the kind that lives in a thread: every module of the app passes it, and all of them arrive.
import { register } from 'node:module';

const hooks = `
export async function resolve(specifier, context, next) {
  return specifier === 'virtual:thread' ? { url: specifier, shortCircuit: true } : next(specifier, context);
}
export async function load(url, context, next) {
  return url === 'virtual:thread' ? { format: 'module', source: 'export default "by a thread"', shortCircuit: true } : next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
console.log((await import('virtual:thread')).default);
console.log((await import('./plain.mjs')).default, typeof (await import('node:child_process')).execFileSync);
