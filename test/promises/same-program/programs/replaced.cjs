// A program that puts its own things in the place of nearly everything, and counts who asks for them.
const counts = {};
const counted = (holder, name, label) => {
  const original = holder[name];
  const replacement = function (...args) {
    counts[label] = (counts[label] ?? 0) + 1;
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
for (const name of ['readFileSync', 'writeFileSync', 'mkdirSync', 'renameSync', 'existsSync', 'statSync', 'readdirSync', 'lstatSync'])
  counted(fs, name, `fs.${name}`);
for (const name of ['stringify', 'parse']) counted(JSON, name, `JSON.${name}`);
counted(Date, 'now', 'Date.now');
counted(Math, 'random', 'Math.random');
counted(performance, 'now', 'performance.now');
counted(process, 'hrtime', 'process.hrtime');
counted(process, 'on', 'process.on');
counted(process, 'emitWarning', 'process.emitWarning');
counted(process, 'cwd', 'process.cwd');
counted(process, 'exit', 'process.exit');
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
  },
  300,
);
