/**
 * Whether HTTP/2 to a provider would bring the gateway anything: the same requests over TLS by Node's HTTP/1.1 agent, as the
 * gateway makes them, and by one HTTP/2 session. CPU is that of this process, the client. `node bench/gateway-http2.ts [rounds]`
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { connect, type ClientHttp2Session } from 'node:http2';
import { Agent, request as httpsRequest } from 'node:https';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pairedRounds } from './rounds.ts';

const CALLS = 200;
const STREAMS = 200;
const PIECES = 50;
const BODY = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'ping '.repeat(200) }] });
const NAMES = ['HTTP/1.1', 'HTTP/2'] as const;
type Name = (typeof NAMES)[number];

const rounds = Number(process.argv[2] ?? '5');
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));
const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name)) as [string, string];
const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
execFileSync('openssl', [...made, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-out', cert, '-keyout', key], {
  stdio: 'ignore',
});
const ca = readFileSync(cert);
const provider = fork(join(import.meta.dirname, 'programs/tls-provider.mjs'), [key, cert]);
process.once('exit', () => provider.kill());
const [{ port }] = (await once(provider, 'message')) as [{ port: number }];

interface Client {
  /** Resolves with what was answered. */
  call(path: string): Promise<string>;
  close(): void;
}

const headers = { 'content-type': 'application/json', 'content-length': String(BODY.length) };
const collect = async (answer: AsyncIterable<Buffer>): Promise<string> => {
  let text = '';
  for await (const chunk of answer) text += chunk.toString('latin1');
  return text;
};

function openHttp1(): Client {
  const agent = new Agent({ keepAlive: true, ca, ALPNProtocols: ['http/1.1'], maxFreeSockets: STREAMS });
  return {
    call: (path) =>
      new Promise((resolve, reject) => {
        const asked = httpsRequest({ host: 'localhost', port, path, method: 'POST', agent, headers });
        asked.on('error', reject).on('response', (answer) => resolve(collect(answer)));
        asked.end(BODY);
      }),
    close: () => agent.destroy(),
  };
}

function openHttp2(): Client {
  let session: ClientHttp2Session | undefined;
  return {
    call(path) {
      session ??= connect(`https://localhost:${port}`, { ca });
      const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
      stream.end(BODY);
      return collect(stream as AsyncIterable<Buffer>);
    },
    close: () => session?.close(),
  };
}

const clients: Readonly<Record<Name, () => Client>> = { 'HTTP/1.1': openHttp1, 'HTTP/2': openHttp2 };
const used = new Map<Name, number>();

/** Microseconds of CPU for each unit of `work`, and what passed, in ms. */
async function cost(name: Name, units: number, work: (client: Client) => Promise<unknown>): Promise<{ cpuUs: number; ms: number }> {
  const client = clients[name]();
  const before = { cpu: process.cpuUsage(), at: performance.now() };
  await work(client);
  const { user, system } = process.cpuUsage(before.cpu);
  const ms = performance.now() - before.at;
  client.close();
  return { cpuUs: (user + system) / units, ms };
}

const sequential = async (client: Client): Promise<void> => {
  for (let at = 0; at < CALLS; at++) await client.call('/0');
};
const together = (client: Client): Promise<unknown> => Promise.all(Array.from({ length: STREAMS }, () => client.call(`/${PIECES}`)));
const connectionsNow = async (): Promise<number> => {
  const client = openHttp1();
  const text = await client.call('/connections');
  client.close();
  return Number(text);
};

for (const name of NAMES) await cost(name, CALLS, sequential);
const calls = await pairedRounds(NAMES, rounds, async (name) => (await cost(name, CALLS, sequential)).cpuUs);
const walls = new Map<Name, number[]>(NAMES.map((name) => [name, []]));
const pieces = await pairedRounds(NAMES, rounds, async (name) => {
  const before = await connectionsNow();
  const { cpuUs, ms } = await cost(name, STREAMS * PIECES, together);
  walls.get(name)?.push(ms);
  used.set(name, (await connectionsNow()) - before - 1);
  return cpuUs;
});
console.log(`load ${(loadavg()[0] ?? 0).toFixed(1)}, ${rounds} rounds, Node ${process.versions.node}`);
for (const name of NAMES) {
  const wall = walls.get(name)?.toSorted((a, b) => a - b)[rounds >> 1] ?? NaN;
  const figures = [`call ${calls[name].value.toFixed(0)} us CPU`, `x ${calls[name].ratio.toFixed(2)}`];
  const streams = [`piece ${pieces[name].value.toFixed(1)} us CPU`, `x ${pieces[name].ratio.toFixed(2)}`, `${wall.toFixed(0)} ms`];
  console.log(
    `${name.padEnd(9)} ${figures.join(', ')}; ${STREAMS} new streams at once: ${streams.join(', ')}, ${used.get(name) ?? 0} connections`,
  );
}
provider.kill();
