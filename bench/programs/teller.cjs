// Tells events, and charges calls to a budget, by the API under the preload; prints microseconds of CPU for each.
const { allocate, budget, emit, release, withAgent, withTask } = require(`${process.argv[2]}/index.cjs`);
const TIMES = Number(process.argv[3]);
const of = (fn) => {
  for (let warm = 0; warm < TIMES / 10; warm++) fn();
  const before = process.cpuUsage();
  for (let time = 0; time < TIMES; time++) fn();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / TIMES;
};
withTask({ type: 'bench', id: 't-1' }, () =>
  withAgent('coder', () => {
    const event = of(() => emit({ kind: 'agent.handoff', from: 'planner', to: 'coder', reason: 'ready' }));
    budget({ name: 'run', tokens: 1e12 });
    const allocation = of(() => release(allocate({ budget: 'run', tokens: 10 })));
    console.log(JSON.stringify({ event, allocation }));
  }),
);
