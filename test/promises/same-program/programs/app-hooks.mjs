// The app's own synchronous module hooks meet the app's modules and no others.
import { registerHooks } from 'node:module';

const seen = [];
registerHooks({
  resolve(specifier, context, next) {
    return specifier === 'virtual:sync' ? { url: specifier, format: 'module', shortCircuit: true } : next(specifier, context);
  },
  load(url, context, next) {
    seen.push(url.startsWith('file:') ? url.split('/').at(-1) : url);
    if (url === 'virtual:sync') return { format: 'module', source: 'export default "in this thread"', shortCircuit: true };
    return next(url, context);
  },
});
console.log((await import('virtual:sync')).default);
const { execFileSync } = await import('node:child_process');
execFileSync('true');
(await import(process.env.PROGRAM_API)).default?.withTask('late', () => undefined);
console.log(seen.filter((url) => url !== 'index.cjs'));
