// Takes snapshots with many open tasks, by the API under the preload; prints the milliseconds of each.
const { snapshot, withTask } = require(`${process.argv[2]}/index.cjs`);
const OPEN = Number(process.argv[3]);
const TIMES = Number(process.argv[4]);
let release;
const until = new Promise((resolve) => (release = resolve));
const tasks = Array.from({ length: OPEN }, (_, at) => withTask({ type: 'implement', id: `change-${at}`, pool: 'workers' }, () => until));
const state = { wave: 1, todo: Array.from({ length: 100 }, (_, at) => `change-${at}`) };
const ms = Array.from({ length: TIMES }, (_, at) => {
  const before = performance.now();
  snapshot(`snapshot-${at}`, state);
  return performance.now() - before;
});
release();
Promise.all(tasks).then(() => console.log(JSON.stringify(ms)));
