/** `swarmscope review`: see `review/`. */
import { jsonFlag, type Command, type Flags } from '../command.ts';
import { showReview } from '../review/index.ts';

const flags = {
  since: { type: 'string', value: 'TAG|RUN', about: 'The runs after this tag or run (default: after the last tag, else all).' },
  phase: { type: 'string', value: 'NAME', about: 'Only what the runs did in this phase (withPhase), beside the phase before it.' },
  json: jsonFlag('review'),
  narrate: { type: 'string', value: 'COMMAND', about: 'Hand the JSON to a shell command; what it prints becomes the last section.' },
} as const satisfies Flags;

export const review: Command<typeof flags> = {
  about: 'Review a phase: what was done, what it cost against the phase before, what recurs, what to change.',
  usage: 'swarmscope review [flags]',
  example: 'swarmscope review --since v0.3',
  flags,
  async run({ values: { since, phase, json, narrate } }) {
    await showReview({ since, phase, json, narrate });
    return 0;
  },
};
