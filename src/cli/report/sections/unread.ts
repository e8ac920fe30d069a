/** What of the stored run is not in this report. It stands before all else: every number below is of a part. */
import type { RunReport } from '../../../analysis/index.ts';
import { plural } from '../numbers.ts';
import type { Section } from '../section.ts';
import { wrap, type Style } from '../style.ts';

export const unread: Section = { title: 'Not read', lines };

const MiB = 1024 ** 2;

function lines({ unread: parts, run }: RunReport, style: Style): string[] {
  if (parts.length === 0) return [];
  const neededMiB = Math.ceil((parts.reduce((sum, { neededBytes }) => sum + neededBytes, 0) * MARGIN) / MiB / 64) * 64;
  return [
    ...parts.map(
      ({ what, read, of }) =>
        `Only the first ${plural(read, what)} of ${of.toLocaleString('en')} could be read: more does not fit into memory.`,
    ),
    'What came later is missing below, and sums are lower bounds.',
    `All of it, where there is so much memory: NODE_OPTIONS=--max-old-space-size=${neededMiB} swarmscope report ${run.id}`,
  ].flatMap((text) => wrap(text, style.width));
}

/** Of what is read and of what an answer takes beside it. */
const MARGIN = 1.3;
