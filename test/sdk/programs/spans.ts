/** Records spans with a private assembly and ends as its argument says: run as a bundle, in a process of its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAssembly } from '../../../src/sdk/assembly.ts';
import { readSettings } from '../../../src/config/settings/index.ts';

const [ending = 'return', countText = '1000'] = process.argv.slice(2);
const { tracer, meter } = createAssembly({
  settings: readSettings(),
  version: '0.0.0-test',
  sender: { program: readFileSync(join(__dirname, 'exit-sender.cjs'), 'utf8'), environment: {} },
  onEnding: () => open.isRecording() && open.end(),
});
const counter = meter.createCounter('test.spans');
for (let index = 0; index < Number(countText); index++) {
  tracer.startSpan(`span ${index}`, { attributes: { index } }).end();
  counter.add(1);
}
const open = tracer.startSpan('open at the end');

const endings: Record<string, () => void> = {
  return: () => undefined,
  exit: () => process.exit(7),
  throw: () => {
    throw new Error('uncaught on purpose');
  },
  reject: () => void Promise.reject(new Error('unhandled on purpose')),
  'exit code': () => void (process.exitCode = 5),
  signal: () => {
    setInterval(() => undefined, 1_000);
    process.stdout.write('ready\n');
  },
  'own signal handler': () => {
    setInterval(() => undefined, 1_000);
    process.once('SIGTERM', () => setTimeout(() => process.exit(3), 20));
    process.stdout.write('ready\n');
  },
  'own beforeExit': () => void process.on('beforeExit', () => process.stdout.write('beforeExit\n')),
  'after a while': () => void setTimeout(() => undefined, 400),
};
endings[ending]?.();
