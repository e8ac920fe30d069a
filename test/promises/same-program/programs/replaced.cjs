// A program that puts its own things in the place of nearly everything, and counts who asks for them.
const { writeSync } = require('node:fs');
const counts = {};
let isOver = false;
const counted = (holder, name, label) => {
  const original = holder[name];
  const replacement = function (...args) {
    counts[label] = (counts[label] ?? 0) + 1;
    // Counted up to the exit, so that what is asked for after the program's last line shows as well.
    if (isOver) writeSync(2, `${label} at the end\n`);
    return new.target === undefined ? Reflect.apply(original, this, args) : Reflect.construct(original, args, new.target);
  };
  Object.setPrototypeOf(replacement, original);
  if (original.prototype !== undefined) replacement.prototype = original.prototype;
  Object.defineProperty(holder, name, { value: replacement, writable: true, configurable: true });
};
const { readFileSync } = require('node:fs');
const fs = require('node:fs');
const timers = require('node:timers');
for (const name of [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'queueMicrotask',
  'Date',
  'Promise',
  'URL',
  'TextDecoder',
  'structuredClone',
])
  counted(globalThis, name, name);
for (const name of ['setTimeout', 'setImmediate']) counted(timers, name, `timers.${name}`);
for (const name of Object.keys(fs)) if (typeof fs[name] === 'function' && /^[a-z]/.test(name)) counted(fs, name, `fs.${name}`);
for (const name of ['stringify', 'parse']) counted(JSON, name, `JSON.${name}`);
counted(Date, 'now', 'Date.now');
counted(Math, 'random', 'Math.random');
counted(performance, 'now', 'performance.now');
counted(process, 'hrtime', 'process.hrtime');
// `listenerCount` is asked by Node's own watcher of signals.
for (const name of ['on', 'once', 'removeListener', 'listeners', 'kill', 'emitWarning', 'cwd', 'exit', 'getuid', 'getBuiltinModule'])
  counted(process, name, `process.${name}`);
counted(require('node:crypto'), 'randomBytes', 'crypto.randomBytes');
counted(require('node:crypto'), 'randomUUID', 'crypto.randomUUID');
counted(require('node:net'), 'connect', 'net.connect');
counted(require('node:os'), 'tmpdir', 'os.tmpdir');
const { withTask } = require(process.env.PROGRAM_API);
for (const word of ['a', 'b', 'c']) withTask(word, () => undefined);
require('node:child_process').execFileSync(process.execPath, ['-e', '0']);
process.removeAllListeners('SIGCONT');
const delay = timers.setTimeout.call(
  globalThis,
  () => {
    withTask('d', () => undefined);
    console.log(counts, typeof readFileSync, typeof delay);
    isOver = true;
  },
  300,
);
