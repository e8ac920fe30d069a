// The events of a process: their order, how often they come, and what the listeners are told.
const say = (...words) => console.log(...words);
let rounds = 0;
process.on('beforeExit', (code) => {
  say('beforeExit', code, ++rounds);
  if (rounds < 3) setTimeout(() => say('again'), 1);
});
process.on('exit', (code) => say('exit 1', code, process.exitCode));
process.on('exit', () => (process.exitCode = 5));
process.once('exit', () => say('exit 3', process.exitCode));
process.on('warning', ({ name, message }) => say('warning', name, message));
process.on('uncaughtException', ({ message }, origin) => say('uncaughtException', message, origin));
process.on('uncaughtExceptionMonitor', ({ message }, origin) => say('monitor', message, origin));
process.on('unhandledRejection', ({ message }) => say('unhandledRejection', message));
process.on('rejectionHandled', () => say('rejectionHandled'));
process.on('multipleResolves', () => say('multipleResolves'));
process.emitWarning('mine', 'MyWarning', 'CODE1');
setImmediate(() => {
  setTimeout(() => rejected.catch(() => say('caught')), 5);
  throw new Error('thrown');
});
const rejected = Promise.reject(new Error('rejected'));
new Promise((resolve, reject) => {
  resolve(1);
  reject(new Error('late'));
});
process.nextTick(() => say('tick'));
queueMicrotask(() => say('microtask'));
for (const name of ['warning', 'uncaughtException', 'unhandledRejection', 'SIGTERM', 'SIGINT', 'SIGHUP', 'message'])
  if (!/^(?:exit|beforeExit|SIG(?:TERM|INT|HUP))$/.test(String(name))) say(String(name), process.listenerCount(name));
