/** Where a run was read from that swarmscope did not record, and what cannot be known of it. */
import { plural } from '../numbers.ts';
import { MAX_ROWS, more, type Section } from '../section.ts';
import { clean, wrap } from '../style.ts';

export const imported: Section = {
  title: 'Read from a record',
  lines({ imported: found }, { width }) {
    if (found === undefined) return [];
    const names = found.sources.slice(0, MAX_ROWS).map((name) => `  ${clean(name, width - 2)}`);
    return [
      ...wrap(`${plural(found.sources.length, 'source')}, ${plural(found.traces, 'trace')}:`, width),
      ...names,
      ...more(found.sources.length, 'sources'),
      ...(found.unknown.length === 0 ? [] : ['  What it does not tell:']),
      ...found.unknown.flatMap(({ what, about }) => wrap(`${what}: ${about}`, width, '    ')),
    ];
  },
};
