/** `swarmscope ui`: serves the stored runs to a browser on this machine until it is told to end. */
import { dataFolder } from '../../config/folders.ts';
import { startReader, startViewServer, StoredSource, ViewerError, findRun, type ViewServer, type ViewSource } from '../../viewer/index.ts';
import { readAbandoned } from '../abandoned.ts';
import { SwarmscopeError } from '../errors.ts';
import { settingsOf } from '../run/settings.ts';
import { say } from '../streams.ts';
import { openBrowser } from './browser.ts';
import { pageFile, threadFile } from './files.ts';

export interface UiOptions {
  /** By id, by its beginning, or `latest`. */
  readonly run: string | undefined;
  readonly port: number | undefined;
  readonly isOpened: boolean;
}

/** Longest wait for answers that are under way. */
const CLOSE_MS = 500;

/** Resolves with the exit code, once SIGINT or SIGTERM came. @throws SwarmscopeError */
export async function serveRuns({ run, port, isOpened }: UiOptions): Promise<number> {
  const folder = dataFolder(settingsOf());
  readAbandoned(folder);
  const opens = run === undefined ? undefined : idOf(folder, run);
  const ended = untilSignal();
  const reader = startReader(threadFile());
  const source = new StoredSource({ dataFolder: folder, version: __SWARMSCOPE_VERSION__, reader, opens });
  const server = await openServer(source, port);
  say(`swarmscope: ${server.address}\n`);
  const removeFile = isOpened ? openBrowser(server.address) : undefined;
  await ended;
  removeFile?.();
  await Promise.all([server.close(CLOSE_MS), reader.close()]);
  return 0;
}

function idOf(folder: string, run: string): string {
  try {
    return findRun(folder, run).id;
  } catch (cause) {
    throw cause instanceof ViewerError ? new SwarmscopeError('RUN_NOT_FOUND', cause.message, { cause }) : cause;
  }
}

/** @throws SwarmscopeError `PORT_IN_USE`, `NETWORK` */
export async function openServer(source: ViewSource, port: number | undefined): Promise<ViewServer> {
  try {
    return await startViewServer({ port, pageFile: pageFile(), source });
  } catch (cause) {
    if (!(cause instanceof ViewerError)) throw cause;
    if (cause.code !== 'port_in_use') throw new SwarmscopeError('NETWORK', cause.message, { cause });
    throw new SwarmscopeError(
      'PORT_IN_USE',
      `Port ${port ?? 0} is in use. Choose another with --ui-port, or leave --ui-port out for a free one.`,
      {
        cause,
      },
    );
  }
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
