// Preloaded in both runs: checks that the preload is in exactly where it should be, and has it record a task, which
// arms all it ever arms.
const isExpected = process.env.PROGRAM_EXPECTS_PRELOAD === '1';
const runtime = globalThis[Symbol.for('swarmscope.runtime.1')];
// The thread behind an app's own loader is no place for the preload.
const isLoaderThread = process.getBuiltinModule('node:worker_threads').isInternalThread === true;
if (!isLoaderThread && (runtime !== undefined) !== isExpected)
  throw new Error(isExpected ? 'the preload is missing' : 'the preload was not asked for');
if (!isLoaderThread && process.env.PROGRAM_IS_AWAKE === '1') {
  require(process.env.PROGRAM_API).withTask('probe', () => undefined);
  if (runtime !== undefined && runtime.recorder() === undefined) throw new Error('nothing is recorded');
}
