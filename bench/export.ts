/**
 * A burst of spans through our export and through the stock BatchSpanProcessor with OTLP/HTTP, in alternating rounds of
 * one run. `node bench/export.ts [spans] [rounds]`
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { outputOf } from './processes.ts';
import { median, pairedRounds, quartiles, type Compared, type Measured } from './rounds.ts';
import { removeFolders, temporaryFolder } from './temporary.ts';

export const BURST_SPANS = 200_000;

/** Both contenders name every span alike; the name occurs once per span in either encoding. */
const MARK = Buffer.from('chat gpt-5-mini');

interface Told {
  readonly recordedMs: number;
  readonly cpuMs: number;
  readonly peakRssMb: number;
}

/** What is compared, each as a function of what the contender told and how many spans arrived. */
const figuresOf = {
  'lost %': (count: number, _: Told, arrived: number) => 100 * (1 - arrived / count),
  'spans a second': (count: number, { recordedMs }: Told) => (1_000 * count) / recordedMs,
  'CPU us for a span that arrived': (_: number, { cpuMs }: Told, arrived: number) => (1_000 * cpuMs) / arrived,
  'peak RSS MB': (_: number, { peakRssMb }: Told) => peakRssMb,
};
type Name = keyof typeof figuresOf;

/** All of a burst of both, by its name, compared with the stock processor's in the same round. */
export async function measureBurst(
  rounds: number,
  count = BURST_SPANS,
): Promise<Measured & { by: Record<Name, { ours: Compared; stock: Compared }> }> {
  const folder = temporaryFolder();
  const contender = join(folder, 'contender.mjs');
  let received = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      if (request.url === '/v1/traces') for (let at = body.indexOf(MARK); at >= 0; at = body.indexOf(MARK, at + 1)) received++;
      response.setHeader('content-type', String(request.headers['content-type']));
      response.end(request.headers['content-type'] === 'application/json' ? '{}' : undefined);
    });
  });
  const values: Record<'ours' | 'stock', Record<Name, number>[]> = { ours: [], stock: [] };
  try {
    await buildContender(contender);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await pairedRounds(['stock', 'ours'], rounds, async (name) => {
      received = 0;
      const args = [contender, name, String(count), url];
      const env = { XDG_STATE_HOME: folder };
      const told = JSON.parse(await outputOf(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'], from: 1 })) as Told;
      const arrived = received;
      const all = Object.entries(figuresOf).map(([figure, of]) => [figure, of(count, told, arrived)]);
      values[name].push(Object.fromEntries(all) as Record<Name, number>);
      return told.recordedMs;
    });
  } finally {
    server.close();
  }
  const by = Object.fromEntries(
    (Object.keys(figuresOf) as Name[]).map((figure) => [
      figure,
      { ours: compared(values, figure, 'ours'), stock: compared(values, figure, 'stock') },
    ]),
  ) as Record<Name, { ours: Compared; stock: Compared }>;
  return {
    by,
    comparisons: [],
    figures: [
      { name: 'burst: lost, %', value: by['lost %'].ours.value },
      { name: 'burst: lost by the bare SDK, %', value: by['lost %'].stock.value },
      { name: "burst: spans a second x bare's", value: by['spans a second'].ours.ratio, spread: by['spans a second'].ours.spread },
      {
        name: "burst: CPU of a span that arrived x bare's",
        value: by['CPU us for a span that arrived'].ours.ratio,
        spread: by['CPU us for a span that arrived'].ours.spread,
      },
      { name: 'burst: CPU us of a span that arrived', value: by['CPU us for a span that arrived'].ours.value },
      { name: "burst: peak RSS x bare's", value: by['peak RSS MB'].ours.ratio, spread: by['peak RSS MB'].ours.spread },
    ],
  };
}

function compared(values: Record<'ours' | 'stock', Record<Name, number>[]>, figure: Name, name: 'ours' | 'stock'): Compared {
  const own = values[name].map((round) => round[figure]);
  const ratios = own.map((value, round) => value / (values.stock[round]?.[figure] ?? NaN));
  const added = own.map((value, round) => value - (values.stock[round]?.[figure] ?? NaN));
  return { ratio: median(ratios), spread: quartiles(ratios), added: median(added), value: median(own) };
}

async function buildContender(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'export-contender.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
}

if (import.meta.main) {
  const [spans = BURST_SPANS, rounds = 3] = process.argv.slice(2).map(Number);
  const { by } = await measureBurst(rounds, spans).finally(removeFolders);
  console.table(
    Object.fromEntries(
      Object.entries(by).map(([figure, { ours, stock }]) => [figure, { ours: ours.value, stock: stock.value, ratio: ours.ratio }]),
    ),
  );
}
