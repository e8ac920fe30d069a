/** What each column of the list of runs says. */
import { count, duration, money } from '../../../analysis/numbers.ts';
import type { RunItem } from '../../wire.ts';
import { lengthOf, outcome } from '../run-list.ts';
import { formatRoute, PLAIN_VIEW } from '../url.ts';
import type { Column } from './virtual.tsx';

const VERDICTS = { yes: 'Yes', look: 'Look', no: 'No' } as const;

export function runColumns(chosen: readonly string[], setChosen: (ids: readonly string[]) => void): readonly Column<RunItem>[] {
  return [
    {
      key: 'choose',
      title: 'Choose',
      isFixed: true,
      cell: ({ id, name, state }) => (
        <input
          type="checkbox"
          aria-label={`Choose ${name}`}
          disabled={state === 'unreadable'}
          checked={chosen.includes(id)}
          onChange={() => {
            setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
          }}
        />
      ),
    },
    {
      key: 'name',
      title: 'Name',
      cell: (run) =>
        run.state === 'unreadable' ? (
          run.name === '' ? (
            run.id
          ) : (
            run.name
          )
        ) : (
          <a href={run.address ?? formatRoute({ page: 'run', id: run.id, screen: 'board', view: PLAIN_VIEW })} rel="noreferrer">
            {run.name === '' ? run.id : run.name}
          </a>
        ),
    },
    {
      key: 'ok',
      title: 'OK?',
      cell: ({ summary }) => (summary === undefined ? '–' : <span title={summary.verdict.reason}>{VERDICTS[summary.verdict.word]}</span>),
    },
    { key: 'outcome', title: 'Outcome', cell: outcome },
    { key: 'when', title: 'When', cell: ({ startMs, changedMs }) => new Date(startMs ?? changedMs).toLocaleString() },
    {
      key: 'length',
      title: 'Length',
      isNumber: true,
      cell: (run) => {
        const ms = lengthOf(run);
        return ms === undefined ? '–' : duration(ms);
      },
    },
    {
      key: 'tasks',
      title: 'Tasks',
      isNumber: true,
      cell: ({ summary }) =>
        summary === undefined ? '–' : `${count(summary.tasks)}${summary.failed > 0 ? `, ${count(summary.failed)} failed` : ''}`,
    },
    { key: 'cost', title: 'Cost', isNumber: true, cell: ({ summary }) => (summary?.cost === undefined ? '–' : money(summary.cost, 'USD')) },
    { key: 'findings', title: 'What to change', cell: ({ summary }) => <FindingsOf findings={summary?.findings} /> },
    { key: 'repository', title: 'Repository', cell: ({ summary }) => summary?.repositories.join(', ') ?? '' },
  ];
}

type Findings = NonNullable<RunItem['summary']>['findings'];

function FindingsOf({ findings }: { readonly findings: Findings | undefined }): preact.JSX.Element {
  if (findings === undefined) return <>–</>;
  if (findings.length === 0) return <>nothing</>;
  return (
    <span title={findings.map(({ action }) => action).join('\n')}>
      {findings
        .map(({ kind, seconds, usd }) => `${kind.replaceAll('_', ' ')} ${seconds > 0 ? duration(seconds * 1_000) : money(usd, 'USD')}`)
        .join(', ')}
    </span>
  );
}
