// A program that takes away or breaks what the language offers; what it prints of itself is all there is to see.
const { execFileSync } = require('node:child_process');
const { withTask } = require(process.env.PROGRAM_API);
const print = console.log.bind(console);
const broken = () => {
  throw new Error('broken by the program');
};
const breaks = {
  'no globals': () => {
    for (const name of [
      'URL',
      'TextDecoder',
      'TextEncoder',
      'performance',
      'fetch',
      'structuredClone',
      'AbortController',
      'setImmediate',
      'queueMicrotask',
      'WeakRef',
      'Buffer',
      'process',
    ])
      delete globalThis[name];
  },
  'broken JSON, Date and clocks': () => {
    JSON.stringify = JSON.parse = Date.now = performance.now = Math.random = broken;
  },
  'broken Map, Set and WeakMap': () => {
    for (const kind of [Map, Set, WeakMap])
      for (const name of ['get', 'set', 'has', 'add', 'delete']) if (name in kind.prototype) kind.prototype[name] = broken;
  },
  'broken arrays': () => {
    for (const name of ['map', 'filter', 'flatMap', 'find', 'join', 'reduce', 'includes', 'some', 'every', 'splice'])
      Array.prototype[name] = broken;
  },
  'additions to Object.prototype': () => {
    Object.prototype.surprise = 'surprise';
    Object.prototype.env = { SURPRISE: '1' };
    Array.prototype.surprise = broken;
  },
  'frozen prototypes': () => {
    for (const kind of [Object, Array, Function, Map, Promise, RegExp, Error, Date, String]) Object.freeze(kind.prototype);
  },
  'broken fs': () => {
    const fs = require('node:fs');
    for (const name of Object.keys(fs))
      if (typeof fs[name] === 'function' && name.endsWith('Sync') && name !== 'writeSync') fs[name] = broken;
  },
};
process.once('exit', (code) => print('exit', code));
const { argv } = process;
const alive = process;
breaks[argv[2]]();
try {
  print(withTask('one', () => 'returned'));
  print(withTask('two', (...args) => args.length));
} catch (error) {
  print('task', error.message);
}
try {
  print(typeof execFileSync('true'));
} catch (error) {
  print('child', error.message);
}
try {
  withTask('three', () => {
    throw new TypeError('mine');
  });
} catch (error) {
  print('task', error.name, error.message);
}
alive.exitCode = 4;
