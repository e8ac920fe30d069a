// A program that already has something where we put our own: both its things stay as they are.
for (const name of [
  'swarmscope.runtime.1',
  'swarmscope.modules.1',
  'swarmscope.started-with.1',
  'signal-exit emitter',
  'opentelemetry.js.api.1',
]) {
  const key = Symbol.for(name);
  console.log(name, typeof Symbol.keyFor(key));
}
console.log(Object.keys(globalThis).join(), Reflect.ownKeys(process).length - Object.keys(process).length, Object.keys(process).length);
for (const key of Object.getOwnPropertySymbols(globalThis)) {
  const { enumerable } = Object.getOwnPropertyDescriptor(globalThis, key);
  if (enumerable) console.log('enumerable', String(key));
}
const { withTask } = require(process.env.PROGRAM_API);
console.log(withTask('one', () => 'kept'));
