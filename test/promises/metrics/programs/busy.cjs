// A root that records once, then works and sleeps for so long; with MEMBER a child that does the same. Says which child
// processes were started. Argument: milliseconds.
const { fork } = require('node:child_process');
const { subscribe } = require('node:diagnostics_channel');
const { withTask } = require(process.env.API_DOOR);

const started = [];
subscribe('child_process', ({ process: child }) => process.nextTick(() => started.push(child.spawnargs?.at(-2) ?? 'unknown')));
const methods = () => Object.getOwnPropertyNames(String.prototype).map((name) => String.prototype[name]);
const before = methods();

const until = Date.now() + Number(process.argv[2]);
void withTask('unit', () => Promise.resolve(1));
if (process.env.MEMBER === 'yes')
  fork(__filename, [process.argv[2]], { env: { ...process.env, MEMBER: 'no' }, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
const pulse = () => {
  for (let index = 0, kept = []; index < 20_000; index++) kept.push({ index });
  if (Date.now() < until) setTimeout(pulse, 50);
  else
    process.stdout.write(
      JSON.stringify({
        started: started.map((file) => file.split('/').at(-1)),
        isSame: methods().every((method, index) => method === before[index]),
      }),
    );
};
pulse();
