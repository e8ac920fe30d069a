/** Reads the telemetry in sources into a store of its own, and returns it as the data of one run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunData } from '../../analysis/model.ts';
import { temporaryFolder } from '../../config/folders.ts';
import { addLoss, type Losses } from '../../otlp/read/index.ts';
import { CONTENT_TYPE } from '../../otlp/request.ts';
import { takers, type ReadOptions } from '../receive/read.ts';
import { openStore, type Store } from '../store/index.ts';
import type { Source } from './files.ts';
import { messagesOf } from './messages.ts';
import { takeMessage, type Take } from './take.ts';
import { ImportFault, packingOf, unpacked, withHead } from './unpack.ts';
import { Window } from './window.ts';

export interface Records {
  readonly data: RunData;
  /** What the user should hear beside the report: a file that is cut, a packing that cannot be read. */
  readonly warnings: readonly string[];
}

/** Rows are written when so much of what they were read from is waiting. */
const FLUSH_BYTES = 16 * 1024 ** 2;
const FLUSH_MESSAGES = 2_000;

/** @throws what the disk throws where no store can be made */
export async function readRecords(sources: readonly Source[], options: ReadOptions = {}): Promise<Records> {
  const folder = mkdtempSync(join(temporaryFolder(), 'swarmscope-import-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await readInto(openStore(join(folder, 'runs', 'import', 'run.sqlite')), sources, options);
  } finally {
    remove();
    process.removeListener('exit', remove);
  }
}

async function readInto(store: Store, sources: readonly Source[], options: ReadOptions): Promise<Records> {
  const window = new Window();
  const losses: Losses = {};
  const warnings: string[] = [];
  const take = intake(store, window, options);
  try {
    for (const source of sources) {
      try {
        await readSource(source, take, losses);
      } catch (error) {
        if (!(error instanceof ImportFault) && (error as NodeJS.ErrnoException).code === undefined) throw error;
        addLoss(losses, error instanceof ImportFault ? error.loss : 'file.unreadable');
        warnings.push(`${source.name} was not read to its end: ${(error as Error).message}.`);
      }
      store.flush();
    }
    store.addLosses(losses);
    const data = store.loadRun();
    const isAnyOpen = data.spans.some(({ endMs }) => endMs === undefined);
    const run = window.run(basename(sources[0]?.name ?? 'import'), isAnyOpen);
    return { data: { ...data, run, source: { names: sources.map(({ name }) => name), traces: window.traces } }, warnings };
  } finally {
    store.close();
  }
}

async function readSource(source: Source, take: Take, losses: Losses): Promise<void> {
  const { head, all } = await withHead(source.open());
  const lose = (what: string, by?: number): void => addLoss(losses, what, by);
  for await (const message of messagesOf(unpacked(packingOf(head), all), lose, source.isProtobuf)) takeMessage(message, take, losses);
}

/** Hands rows to the store as the receiver does, and writes them in large transactions. */
function intake(store: Store, window: Window, options: ReadOptions): Take {
  let items = 0;
  let bytesWaiting = 0;
  let messagesWaiting = 0;
  const told = (rows: readonly unknown[], losses: Losses): void =>
    void (items += rows.length + Object.values(losses).reduce((sum, count) => sum + count, 0));
  const take = takers({
    ...options,
    isRecord: true,
    onTraces(rows) {
      told(rows.spans, rows.losses);
      window.add(rows.spans);
      store.addTraces(rows);
      return undefined;
    },
    onMetrics(rows) {
      told(rows.points, rows.losses);
      store.addMetrics(rows);
      return undefined;
    },
    onLogs(rows) {
      told([...rows.openSpans, ...rows.logs], rows.losses);
      window.add(rows.spans);
      window.add(rows.openSpans);
      store.addLogs(rows);
      return undefined;
    },
  });
  return (signal, body, encoding) => {
    items = 0;
    take({ signal, body, contentType: CONTENT_TYPE[encoding], contentEncoding: undefined }, encoding);
    bytesWaiting += body.length;
    if (++messagesWaiting >= FLUSH_MESSAGES || bytesWaiting >= FLUSH_BYTES) {
      store.flush();
      [bytesWaiting, messagesWaiting] = [0, 0];
    }
    return items;
  };
}
