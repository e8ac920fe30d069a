// Ends by an error of its own, with a stack on stderr and an exit code.
function inner() {
  throw new RangeError('mine', { cause: new Error('deeper') });
}
require(process.env.PROGRAM_API);
setTimeout(inner, 1);
