// Starts children that do nothing, the way named by BENCH_WAY, and tells the CPU that this process itself used per
// child.
const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');

const ways = {
  spawn: () => once(spawn('/bin/true', [], { stdio: 'ignore' }), 'exit'),
  spawnSync: () => spawnSync('/bin/true', [], { stdio: 'ignore' }),
};
const way = ways[process.env.BENCH_WAY];

process.on('message', async ({ count }) => {
  for (let index = 0; index < count; index++) await way();
  const { user, system } = process.cpuUsage();
  process.send({ cpuUs: user + system });
});
process.send({ isReady: true });
