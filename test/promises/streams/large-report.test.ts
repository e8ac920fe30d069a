// The report of a large run is made by a process of its own: whatever becomes of it, the exit code is the program's.
import { expect, test } from '@jest/globals';
import { commandFile, ensureBuilt, runProgram, type ProgramResult } from '../../harness/index.ts';

ensureBuilt();

/** 40,000 spans are a store of 20 MB, for which we start a process. */
const flood = `
const { request, Agent } = require('node:http');
const base = new URL(process.env.SWARMSCOPE_ENDPOINT);
const agent = new Agent({ keepAlive: true });
const hex = (n, width) => n.toString(16).padStart(width, '0');
const headers = { 'content-type': 'application/json' };
const post = (body) => new Promise((done, failed) => request({ agent, hostname: base.hostname, port: base.port, path: '/v1/traces', method: 'POST', headers }, (answer) => answer.resume().on('end', done)).on('error', failed).end(body));
(async () => {
  for (let batch = 0; batch < Number(process.env.BATCHES ?? 80); batch++) {
    const spans = Array.from({ length: 500 }, (_, n) => {
      const at = BigInt(Date.now()) * 1_000_000n;
      const id = batch * 500 + n + 1;
      const attributes = [{ key: 'gen_ai.request.model', value: { stringValue: 'm' } }, { key: 'gen_ai.response.id', value: { stringValue: 'r'.repeat(150) + id } }];
      return { traceId: hex(7, 32), spanId: hex(id, 16), name: 'chat m', kind: 3, startTimeUnixNano: String(at), endTimeUnixNano: String(at + 1_000_000n), attributes };
    });
    await post(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  }
  agent.destroy();
  console.log('done');
  process.exitCode = 7;
})();
`;

/** Outlives the program, and ends each process that the supervisor starts from then on. */
const killer = `
require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`
const { readdirSync, readFileSync } = require('node:fs');
const supervisor = process.argv[1];
const own = new Set(process.argv.slice(1).concat(String(process.pid)));
const parentOf = (pid) => { try { const stat = readFileSync('/proc/' + pid + '/stat', 'utf8'); return stat.slice(stat.lastIndexOf(')')).split(' ')[2]; } catch { return ''; } };
const isReport = (pid) => { try { return readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes('\\0report\\0'); } catch { return false; } };
setInterval(() => {
  for (const pid of readdirSync('/proc')) if (parentOf(pid) === supervisor && isReport(pid)) process.kill(Number(pid), 'SIGKILL');
  if (parentOf(supervisor) === '') process.exit();
}, 5);
`)}, String(process.ppid)], { detached: true, stdio: 'ignore' }).unref();
`;

function run(program: string, env: Readonly<Record<string, string>> = {}): Promise<ProgramResult> {
  return runProgram({
    files: { 'program.cjs': program },
    preload: 'none',
    command: process.execPath,
    args: [commandFile, 'run', '--quiet', '--json', 'report.json', '--', process.execPath, 'program.cjs'],
    env,
  });
}

test('a report that does not fit into the memory there is tells of the first spans', async () => {
  const result = await run(flood, { NODE_OPTIONS: '--max-old-space-size=48', BATCHES: '200' });
  expect(result).toMatchObject({ code: 7, stdout: 'done\n' });
  expect(result.stderr).toMatch(/Only the first [\d.]+k spans of 100,001 could be read/);
});

test('a report whose process is killed is told with the command that makes it later', async () => {
  const result = await run(killer + flood);
  expect(result).toMatchObject({ code: 7, stdout: 'done\n' });
  expect(result.stderr).toMatch(/The report could not be made \(its process ran out of memory\).* with: swarmscope report \d{8}-\S+/);
});

test('with memory enough the process of the report tells of all', async () => {
  const result = await run(flood);
  expect(result).toMatchObject({ code: 7, stdout: 'done\n' });
  expect(result.stderr).toMatch(/^\nswarmscope {2}program .* 40\.0k spans\n/);
});
