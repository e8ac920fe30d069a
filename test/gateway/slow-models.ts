// Models that take their time: whose a connection is has to be found while it is open.
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { startModels, type Models } from '../harness/index.ts';

/** Each answer comes after `ms`, and on a busy machine after as much longer as its load says, 5 s at most. */
export async function startSlowModels(ms: number): Promise<Models> {
  const models = await startModels({ answersAll: false });
  models.mock.on({ predicate: () => true }, async () => {
    await setTimeout(Math.min(5_000, ms * Math.max(1, (loadavg()[0] as number) / availableParallelism())));
    return { content: 'pong' };
  });
  return models;
}
