// Tries what the flags against code from strings forbid.
for (const attempt of [() => eval('1 + 1'), () => new Function('return 2')(), () => ({}).__proto__ === Object.prototype]) {
  try {
    console.log(attempt());
  } catch ({ name, code, message }) {
    console.log(name, code, message);
  }
}
console.log(require(process.env.PROGRAM_API).withTask('one', () => 'task'));
console.log(String(require('node:child_process').execFileSync(process.execPath, ['-p', '1 + 1'])));
