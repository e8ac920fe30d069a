// What is allowed to it, and what it is told where it is not.
const { withTask } = require(process.env.PROGRAM_API);
const attempts = {
  read: () => require('node:fs').readFileSync(__filename).length > 0,
  write: () => require('node:fs').writeFileSync(`${process.env.HOME}/mine`, 'x'),
  child: () => String(require('node:child_process').execFileSync(process.execPath, ['-p', '"from a child"'])),
  childOfOwn: () =>
    String(require('node:child_process').execFileSync(process.execPath, ['--permission', '-p', '"a child with permissions"'])),
  worker: () =>
    void new (require('node:worker_threads').Worker)('0', { eval: true, env: process.env }).on('exit', (code) =>
      console.log('worker', code),
    ),
};
withTask('one', () => undefined);
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    console.log(name, attempt());
  } catch ({ code, permission, message }) {
    console.log(name, code, permission, String(message).split('\n')[0]);
  }
}
console.log(process.permission?.has('fs.write'), process.permission?.has('child'), process.permission?.has('worker'));
process.on('exit', (code) => console.log('exit', code));
