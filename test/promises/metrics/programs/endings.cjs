// A root that records and ends as told; with MEMBERS it first runs so many children that record too. Arguments: ending,
// spans.
const { fork } = require('node:child_process');
const { existsSync } = require('node:fs');
const { withTask } = require(process.env.API_DOOR);

const [ending, spans] = [process.argv[2], Number(process.argv[3])];
const members = Number(process.env.MEMBERS ?? 0);
const task = () => withTask('unit', () => Promise.resolve(1));
const run = () =>
  new Promise((resolve) => fork(__filename, ['exit', '3'], { env: { ...process.env, MEMBERS: '0' } }).once('exit', resolve));

const endings = {
  return: () => undefined,
  exit: () => process.exit(0),
  term: () => process.kill(process.pid, 'SIGTERM'),
  throw: () => {
    throw new Error('the end');
  },
  // Until somebody makes the file GO.
  told: () => (existsSync(process.env.GO) ? process.exit(0) : void setTimeout(endings.told, 25)),
};

void (async () => {
  for (let index = 0; index < spans; index++) await task();
  await Promise.all(Array.from({ length: members }, run));
  endings[ending]();
})();
