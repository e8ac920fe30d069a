/** `swarmscope diff`: two runs side by side. */
import { failOnFlag, readConditions, readSide, runBefore, showComparison } from '../compare/index.ts';
import { jsonFlag, type Command, type Flags } from '../command.ts';

const flags = { json: jsonFlag('comparison'), 'fail-on': failOnFlag } as const satisfies Flags;

export const diff: Command<typeof flags> = {
  about: 'Compare two runs: time, cost, tokens, tasks, findings (default: the last run with the one before it).',
  usage: 'swarmscope diff [RUN] [RUN] [flags]',
  example: "swarmscope diff --fail-on 'wall>10%,cost>5%'",
  positionals: [{}, {}],
  flags,
  run({ values: { json, 'fail-on': failOn }, positionals: [first, second = 'latest'] }) {
    const conditions = readConditions(failOn);
    const after = readSide(second);
    return showComparison({ before: readSide(first ?? runBefore(after)), after, conditions, json });
  },
};
