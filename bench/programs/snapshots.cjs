// Takes snapshots with many open tasks, by the API under the preload; prints the milliseconds of each, by the clock and of CPU.
const { snapshot, withTask } = require(`${process.argv[2]}/index.cjs`);
const OPEN = Number(process.argv[3]);
const TIMES = Number(process.argv[4]);
let release;
const until = new Promise((resolve) => (release = resolve));
const tasks = Array.from({ length: OPEN }, (_, at) => withTask({ type: 'implement', id: `change-${at}`, pool: 'workers' }, () => until));
const state = { wave: 1, todo: Array.from({ length: 100 }, (_, at) => `change-${at}`) };
const taken = Array.from({ length: TIMES }, (_, at) => {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  snapshot(`snapshot-${at}`, state);
  const ms = performance.now() - before;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ms, cpuMs: (user + system) / 1_000 };
});
release();
Promise.all(tasks).then(() => console.log(JSON.stringify(taken)));
