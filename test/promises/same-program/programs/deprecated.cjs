// Uses one thing that Node warns of, so that flags for warnings have something to do.
const { withTask } = require(process.env.PROGRAM_API);
process.on('exit', () => console.log('exit'));
withTask('one', () => console.log('working'));
require('node:child_process').execFileSync(process.execPath, ['-p', '1']);
setTimeout(() => console.log(new Error('deep').stack.split('\n').length), 200);
if (process.argv[2] === 'warn') process.emitWarning('old', 'DeprecationWarning', 'MINE1');
