// An ES module: its meta, dynamic imports of all kinds, errors, and an await at the top that nothing ever settles.
import { createRequire } from 'node:module';
import * as childProcess from 'node:child_process';

const require = createRequire(import.meta.url);
console.log(
  Object.keys(import.meta)
    .sort()
    .join(),
  import.meta.filename === process.argv[1],
);
console.log(Object.keys(childProcess).length, childProcess.default === require('node:child_process'), childProcess.spawn.name);
console.log(Object.keys(await import('data:text/javascript,export const a = 1; export default 2')));
await import('./missing.mjs').catch(({ code, name }) => console.log(code, name));
await import('data:text/javascript,throw new TypeError("mine")').catch(({ message, name }) => console.log(name, message));
const { default: data } = await import('data:application/json,{"a":1}', { with: { type: 'json' } });
console.log(data, new Error('x').stack.split('\n').length);
process.on('exit', (code) => console.log('exit', code));
await new Promise(() => {});
