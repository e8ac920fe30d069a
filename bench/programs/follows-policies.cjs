// A run of PROCESSES processes that record something and then stand still; each prints when another version of the policies is in force in it.
const { spawn } = require('node:child_process');
const { withTask } = require(process.env.API);

withTask('begin', () => 1);
if (process.argv[2] === 'member') {
  const { policies } = globalThis[Symbol.for('swarmscope.runtime.1')];
  policies.onChange(({ version }) => process.stdout.write(`${version} ${Date.now()}\n`));
  // Connected to its root by then.
  setTimeout(() => process.stdout.write('ready 0\n'), 500);
} else {
  for (let at = 0; at < Number(process.env.PROCESSES); at += 1) spawn(process.execPath, [__filename, 'member'], { stdio: 'inherit' });
}
process.stdin.resume().once('end', () => process.exit());
