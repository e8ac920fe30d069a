/** Runs whose `swarmscope run` was killed: what their processes left afterwards is read into what is stored of them. */
import { existsSync } from 'node:fs';
import { foldersOfRuns } from '../config/run-folder-files.ts';
import { isRootAlive } from '../sdk/supervisor.ts';
import { createLeftReader, hasAnythingLeft, openStore, runPath } from '../viewer/index.ts';
import { warn } from './streams.ts';

/** To be called before a stored run is read, and before a new run tidies up the folders of old ones. Never throws. */
export function readAbandoned(dataFolder: string): void {
  for (const { path: folder, runId } of foldersOfRuns()) {
    try {
      const file = runPath(dataFolder, runId);
      if (isRootAlive(folder) || !hasAnythingLeft(folder) || !existsSync(file)) continue;
      const store = openStore(file);
      createLeftReader({
        folder,
        store,
        onTraces: (rows) => store.keepTraces(rows),
        onMetrics: (rows) => store.keepMetrics(rows),
        onLogs: (rows) => store.keepLogs(rows),
      }).finish();
      store.close();
    } catch (error) {
      warn(`What processes left of the run ${runId} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
