// A receiver with its store in a process of its own, as `swarmscope run` has it. Prints its address; ends with its stdin.
import { startReceiver } from '../../../../src/viewer/receive/receiver.ts';
import { startRunStore } from '../../../../src/viewer/store/index.ts';

const run = { id: 'run-1', name: 'r', command: 'node', startMs: 1, endMs: undefined, exitCode: undefined, signal: undefined };
const { store } = startRunStore({ dataFolder: process.argv[2] ?? '', run });
const receiver = await startReceiver({
  onTraces: (rows) => store.keepTraces(rows),
  onMetrics: (rows) => store.keepMetrics(rows),
  onLogs: (rows) => store.keepLogs(rows),
  settings: { captureContent: 'off', pricesFile: '' },
});
process.stdout.write(`${receiver.url}\n`);
process.stdin.resume().on('end', () => process.exit());
