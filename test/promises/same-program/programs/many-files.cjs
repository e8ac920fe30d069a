// Opens files until there are no more descriptors.
const { openSync, closeSync } = require('node:fs');
const { withTask } = require(process.env.PROGRAM_API);
const open = [];
try {
  for (;;) open.push(openSync('/dev/null'));
} catch ({ code }) {
  console.log(code);
}
withTask('none left', () => console.log('task'));
try {
  console.log(String(require('node:child_process').execFileSync('true')).length);
} catch ({ code, syscall }) {
  console.log(code, syscall);
}
console.log(open.length > 5);
for (const descriptor of open) closeSync(descriptor);
setTimeout(() => console.log(String(require('node:child_process').execFileSync('/bin/echo', ['child']))), 200);
