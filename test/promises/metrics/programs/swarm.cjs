// The scheduler of a swarm: starts the members of a plan, sixteen at a time, half by fork and half by spawn. The plan
// comes as JSON in PLAN.
const { fork, spawn } = require('node:child_process');
const { join } = require('node:path');

const plan = JSON.parse(process.env.PLAN);
const file = join(__dirname, 'member.cjs');
let next = 0;

const member = ([calls, ending], index) =>
  new Promise((resolve) => {
    const args = [String(calls), ending];
    const child =
      index % 2 === 0
        ? fork(file, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
        : spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('message', () => child.kill('SIGTERM'));
    child.on('exit', (code, signal) => resolve(`${ending}:${signal ?? code}`));
  });

const lane = async (ends) => {
  while (next < plan.length) {
    const index = next++;
    ends.push(await member(plan[index], index));
  }
};

const ends = [];
void Promise.all(Array.from({ length: 16 }, () => lane(ends))).then(() => {
  const counts = {};
  for (const end of ends) counts[end] = (counts[end] ?? 0) + 1;
  process.stdout.write(JSON.stringify(counts));
});
