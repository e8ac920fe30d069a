// Addresses below 127.0.0.0/8 for programs that keep their usual ports.
import { createServer } from 'node:net';

/** As many as asked for, of one block, on which nobody holds one of the ports; others may be running the same tests. */
export async function freeAddresses(count: number, ports: readonly number[]): Promise<string[]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const block = `127.${100 + Math.floor(Math.random() * 100)}.${Math.floor(Math.random() * 256)}`;
    const found = Array.from({ length: count }, (_, index) => `${block}.${index + 1}`);
    const free = await Promise.all(found.flatMap((address) => ports.map((port) => isFree(address, port))));
    if (free.every(Boolean)) return found;
  }
  throw new Error(`no ${count} addresses below 127.0.0.0/8 whose ports ${ports.join(', ')} are free`);
}

function isFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}
