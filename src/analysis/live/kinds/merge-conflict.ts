/** Merges into one repository that leave conflicts, one after the other. */
import * as names from '../../../semconv/index.ts';
import { plural } from '../../numbers.ts';
import { textOf } from '../../span-tree.ts';
import { addEvidence, type EndedSpan, type LiveRule } from '../detector.ts';
import type { Claim, LiveEvidence } from '../types.ts';

const WINDOW_MS = 600_000;
/** They pile up where at least every second merge leaves some. */
const SHARE = 0.5;
/** Repositories that are told apart, and merges that are remembered of each. */
const MAX_REPOSITORIES = 200;
const MAX_MERGES = 500;

interface Repository {
  readonly merges: { readonly atMs: number; readonly isConflict: boolean }[];
  readonly evidence: LiveEvidence[];
  sinceMs: number | undefined;
}

export const mergeConflict: LiveRule = {
  kind: 'merge_conflict',
  watch({ value: threshold }) {
    const repositories = new Map<string, Repository>();
    return {
      ended({ row, class: kind }: EndedSpan) {
        if (kind !== 'git' || row.endMs === undefined) return;
        const result = textOf(row.attributes, names.ATTR_SWARMSCOPE_GIT_MERGE_RESULT);
        const isConflict =
          result === names.SWARMSCOPE_GIT_MERGE_RESULT_VALUE_CONFLICT ||
          textOf(row.attributes, names.ATTR_ERROR_TYPE) === names.ERROR_TYPE_VALUE_MERGE_CONFLICT;
        if (!isConflict && result === undefined) return;
        const name = textOf(row.attributes, names.ATTR_VCS_REPOSITORY_NAME) ?? '';
        let repository = repositories.get(name);
        if (repository === undefined) {
          if (repositories.size >= MAX_REPOSITORIES) return;
          repositories.set(name, (repository = { merges: [], evidence: [], sinceMs: undefined }));
        }
        repository.merges.push({ atMs: row.endMs, isConflict });
        if (repository.merges.length > MAX_MERGES) repository.merges.shift();
        if (isConflict) addEvidence(repository.evidence, row);
      },
      claims({ nowMs }) {
        return [...repositories].flatMap(([name, repository]): Claim[] => {
          const { merges, evidence } = repository;
          while (merges[0] !== undefined && nowMs - merges[0].atMs > WINDOW_MS) merges.shift();
          const conflicts = merges.filter(({ isConflict }) => isConflict).length;
          const isPiled = conflicts >= threshold && conflicts >= SHARE * merges.length;
          repository.sinceMs = isPiled ? (repository.sinceMs ?? nowMs) : undefined;
          if (repository.sinceMs === undefined) return [];
          return [
            {
              id: `merge_conflict:${name}`,
              text: `${conflicts} of ${plural(merges.length, 'merge')} in ${name === '' ? 'a repository' : name} left conflicts in the last ten minutes`,
              action: 'Merge earlier and one after the other, and give tasks that touch the same files to one worker.',
              sinceMs: repository.sinceMs,
              value: conflicts,
              threshold,
              where: { repository: name === '' ? undefined : name },
              evidence: [...evidence],
            },
          ];
        });
      },
    };
  },
};
