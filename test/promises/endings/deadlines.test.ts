/** An endpoint whose answers never end: the program ends in its time all the same, and says what was not sent. */
import { expect, test } from '@jest/globals';
import {
  commandFile,
  everyMisbehaviour,
  outsideTrace,
  runProgram,
  startMisbehaving,
  startProgram,
  type Misbehaviour,
} from '../../harness/index.ts';
import { api } from '../../e2e/programs.ts';
import { LIMIT_MS, PATIENT_MS, recording, seen, statusesOf, tell } from './program.ts';

const TASKS = 100;
/** Longer than any wait of ours may take: what ends before it was not held up by the endpoint. */
const ENDLESS_MS = String(10 * PATIENT_MS);
const patientRequests = { OTEL_EXPORTER_OTLP_TIMEOUT: ENDLESS_MS, OTEL_BSP_EXPORT_TIMEOUT: ENDLESS_MS };

const ends = { return: '', exit: 'process.exit(3);' };

test.each(everyMisbehaviour.flatMap((kind) => Object.entries(ends).map(([ending, end]) => ({ kind, ending, end }))))(
  '$kind, while a request is on the wire: the program ends by $ending as it would, and what was not sent is counted',
  async ({ kind, end }) => {
    const server = await startMisbehaving(kind);
    const files = { 'app.cjs': `${recording}\nrecord(0, ${TASKS});\ntold(() => { ${end} });` };
    const options = { files, timeoutMs: LIMIT_MS, env: { SWARMSCOPE_SPOOL_MAX_BYTES: '0', ...patientRequests, ...outsideTrace } };
    const bare = startProgram({ ...options, preload: 'none' });
    const program = startProgram({ ...options, env: { ...options.env, OTEL_EXPORTER_OTLP_ENDPOINT: server.url } });
    while (server.served() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const each of [bare, program]) tell(each);
    expect(seen(await program.finished)).toEqual(seen(await bare.finished));
    const [status] = statusesOf(`${program.home}/.local/state`);
    const { recorded, sent, dropped } = status?.signals.traces ?? { recorded: 0, sent: 0, dropped: {} };
    expect({ recorded, sent, dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0) }).toEqual({
      recorded: TASKS,
      sent: 0,
      dropped: TASKS,
    });
  },
  PATIENT_MS,
);

/** The name leads to an address where nobody listens, and to the server: as `localhost` does on most machines. */
const twoAddresses = `
const dns = require('node:dns');
dns.lookup = (host, options, done) =>
  setImmediate(done, null, options.all ? [{ address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4);
`;

test(
  'a connection to the second address of a name keeps no program alive',
  async () => {
    const server = await startMisbehaving('an endless body');
    const files = {
      'app.cjs': `const { withTask } = require(${api}); withTask({ type: 'unit' }, () => 1);`,
      'dns.cjs': twoAddresses,
    };
    const { code, isTimedOut } = await runProgram({
      files,
      nodeArgs: ['--require', './dns.cjs'],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${server.port}`, ...patientRequests },
      timeoutMs: LIMIT_MS,
    });
    expect({ code, isTimedOut, wasReached: server.served() > 0 }).toEqual({ code: 0, isTimedOut: false, wasReached: true });
  },
  PATIENT_MS,
);

test.each<Misbehaviour>(['endless 100 Continue', 'an endless body', 'a redirect to itself'])(
  'a run whose telemetry is passed on to %s ends with the exit code of its program and says what was not passed on',
  async (kind) => {
    const server = await startMisbehaving(kind);
    const { code, isTimedOut, stderr } = await runProgram({
      files: { 'app.cjs': `const { withTask } = require(${api}); withTask({ type: 'unit' }, () => 1); process.exitCode = 7;` },
      command: process.execPath,
      args: [commandFile, 'run', '--quiet', '--export', server.url, '--', process.execPath, 'app.cjs'],
      preload: 'none',
      env: patientRequests,
      timeoutMs: LIMIT_MS,
    });
    expect({ code, isTimedOut }).toEqual({ code: 7, isTimedOut: false });
    expect(stderr).toMatch(/requests wait on disk|forward\.(?:refused-307|drain-timeout)/);
  },
  PATIENT_MS,
);
