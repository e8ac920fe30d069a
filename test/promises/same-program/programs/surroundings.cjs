// What a program can say about where it runs.
const { withTask } = require(process.env.PROGRAM_API);
const safe = (what) => {
  try {
    return what();
  } catch ({ code }) {
    return code;
  }
};
withTask('one', () => undefined);
console.log(
  safe(() => process.cwd().length > 0),
  process.title.split('/').at(-1),
  process.argv.length,
  process.exitCode,
  safe(() => require('node:os').homedir().length > 0),
);
console.log(safe(() => String(require('node:child_process').execFileSync('/bin/sh', ['-c', 'echo child']))));
console.log(
  Object.keys(process.env)
    .filter((name) => !/^(?:PROGRAM_|OTEL_|SWARMSCOPE_|NODE_OPTIONS$|_$)/.test(name))
    .join(),
);
process.on('exit', (code) => console.log('exit', code, process.umask().toString(8)));
