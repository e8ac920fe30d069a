/** `swarmscope events`: what happened in a run, event by event. */
import { setTimeout as sleep } from 'node:timers/promises';
import { dataFolder } from '../../config/folders.ts';
import { readSettings } from '../../config/settings/index.ts';
import { readRunEvents, type EventFilter, type EventRow } from '../../viewer/index.ts';
import { jsonFlag, type Command, type Flags } from '../command.ts';
import { SwarmscopeError } from '../errors.ts';
import { eventJson, eventLine } from '../events/text.ts';
import { sinceOf } from '../local/period.ts';
import { output } from '../output.ts';
import { fromStore } from '../stored.ts';
import { print } from '../streams.ts';

const FOLLOW_MS = 250;

const flags = {
  agent: { type: 'string', value: 'NAME', about: 'Only events of this agent.' },
  task: { type: 'string', value: 'ID', about: 'Only events of the task of this id.' },
  kind: { type: 'string', value: 'KIND', about: 'Only events of this kind: agent.failed, tool.used.' },
  since: { type: 'string', value: '30m', about: 'Only what came after: 30m, 24h, 7d, or a day (2026-11-01).' },
  follow: { type: 'boolean', about: 'Go on with what comes, until the run has ended.' },
  json: jsonFlag('events'),
} as const satisfies Flags;

export const events: Command<typeof flags> = {
  about: 'List what happened in a run (default: the last one): agents, tools, hand-overs, approvals, budgets.',
  usage: 'swarmscope events [RUN] [flags]',
  example: 'swarmscope events --agent reviewer --since 30m',
  positionals: [{}],
  flags,
  async run({ values: { agent, task, kind, since, follow = false, json }, positionals: [run = 'latest'] }) {
    const sinceMs = since === undefined ? undefined : sinceOf(since, Date.now());
    if (since !== undefined && sinceMs === undefined)
      throw new SwarmscopeError(
        'USAGE',
        `--since: expected 30m, 24h, 7d or a day (2026-11-01), received ${JSON.stringify(since.slice(0, 40))}`,
      );
    const filter = { agent, task, kind, sinceMs };
    if (!follow) {
      const found = read(run, filter);
      if (json === undefined) await print(found.events.map(eventLine).join(''));
      else await output(json, `${JSON.stringify({ schemaVersion: 1, run: found.id, events: found.events.map(eventJson) }, null, 2)}\n`);
      return 0;
    }
    await followRun(run, filter, async (event) => {
      if (json === undefined) await print(eventLine(event));
      else await output(json, `${JSON.stringify(eventJson(event))}\n`);
    });
    return 0;
  },
};

async function followRun(given: string, filter: EventFilter, show: (event: EventRow) => Promise<void>): Promise<void> {
  let run = given;
  let afterId: number | undefined;
  for (;;) {
    const found = read(run, { ...filter, afterId });
    run = found.id;
    for (const event of found.events) {
      await show(event);
      afterId = Math.max(afterId ?? 0, event.id);
    }
    if (found.isOver) return;
    await sleep(FOLLOW_MS);
  }
}

function read(run: string, filter: EventFilter): ReturnType<typeof readRunEvents> {
  return fromStore(() => readRunEvents(dataFolder(readSettings()), run, filter));
}
