// The app's own prepareStackTrace is asked for the app's own errors only, and a trace shows the app's own frames.
const { withTask } = require(process.env.PROGRAM_API);
let asked = 0;
Error.prepareStackTrace = (error, frames) => {
  asked += 1;
  return `${error.message}: ${frames.map((frame) => frame.getFunctionName() ?? '-')[0]}`;
};
require('node:child_process').execFileSync('true');
require('node:child_process')
  .spawn('/nonexistent')
  .on('error', ({ code }) => console.log(code));
withTask('one', function mine() {
  console.log(new Error('inside').stack);
});
console.log(asked, Error.stackTraceLimit);
process.on('exit', () => {
  Error.prepareStackTrace = undefined;
  const lines = new Error('plain').stack.split('\n');
  console.log(
    lines.filter((line) => /swarmscope|dist/.test(line.replaceAll(__dirname, ''))),
    asked,
  );
});
setTimeout(() => undefined, 200);
