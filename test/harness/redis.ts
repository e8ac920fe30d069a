// A real redis-server on a free loopback port, in memory alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeAtEnd } from './close-at-end.ts';
import { freePorts } from './free-ports.ts';
import { freshFolder } from './run-program.ts';

export interface Redis {
  readonly port: number;
  close(): Promise<void>;
}

/** Ready when it answers. Needs `redis-server`: see `testWith('redis', ...)`. */
export async function startRedis(): Promise<Redis> {
  const [port = 0] = await freePorts(1);
  const flags = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', freshFolder('redis')];
  const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  closeAtEnd(() => {
    if (child.exitCode === null) child.kill('SIGKILL');
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
  });
  return {
    port,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
