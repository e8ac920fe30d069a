// The app's own async hooks and contexts: each resource with the right parent, in the right order, with the right
// store.
const { AsyncLocalStorage, AsyncResource, createHook } = require('node:async_hooks');
const { readFile } = require('node:fs');

const mine = new Map();
const log = [];
createHook({
  init(id, type, trigger) {
    if (type !== 'MINE') return;
    mine.set(id, `${type}#${[...mine.values()].filter((name) => name.startsWith(`${type}#`)).length}`);
    log.push(`init ${mine.get(id)} by ${mine.get(trigger) ?? 'others'}`);
  },
  before: (id) => mine.has(id) && log.push(`before ${mine.get(id)}`),
  after: (id) => mine.has(id) && log.push(`after ${mine.get(id)}`),
}).enable();

const store = new AsyncLocalStorage();
const resource = new AsyncResource('MINE');
resource.runInAsyncScope(() => {
  store.run({ name: 'outer' }, () => {
    setImmediate(() => {
      log.push(`immediate in ${store.getStore()?.name}`);
      require(process.env.PROGRAM_API).withTask('inside', () => log.push(`task in ${store.getStore()?.name}`));
      readFile(__filename, () => log.push(`file in ${store.getStore()?.name}`));
    });
    void Promise.resolve().then(async () => {
      await null;
      log.push(`promise in ${store.getStore()?.name}`);
      store.enterWith({ name: 'entered' });
      await null;
      log.push(`promise in ${store.getStore()?.name}`);
    });
  });
});
resource.emitDestroy();
process.on('exit', () => console.log(log.join('\n'), store.getStore()));
