/** The root of a run and its config file: what is taken, what is refused, what stays in force; with real files. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LivePolicies } from '../../src/config/policies/live.ts';
import type { PolicyAnswer, PolicyAsk } from '../../src/config/policies/types.ts';
import { BudgetBook, type BudgetMessage } from '../../src/recording/budgets/index.ts';
import type { PolicyNotice } from '../../src/recording/policy-notice.ts';
import { PolicyLead } from '../../src/sdk/policies/lead.ts';
import { freshFolder } from '../harness/index.ts';

const before = process.cwd();
let folder: string;
let file: string;
let live: LivePolicies;
let book: BudgetBook;
let lead: PolicyLead;
let told: PolicyNotice[];
let onTold: () => void;
let answer: (ask: PolicyAsk) => PolicyAnswer;

const begin = (): void => {
  told = [];
  onTold = () => undefined;
  live = new LivePolicies();
  book = new BudgetBook({ count: () => undefined, onNotice: () => undefined, inherited: [], now: () => Date.now() });
  // As a root without a folder has it.
  book.connect({ isRoot: true, tell: () => false, hasAny: () => true, news: (): BudgetMessage[] => [] }, () => undefined);
  const run = {
    leadPolicies: (_state: unknown, onAsk: (ask: PolicyAsk) => PolicyAnswer) => (answer = onAsk),
    tellPolicies: () => undefined,
  } as never;
  const tell = (notice: PolicyNotice): void => {
    told.push(notice);
    onTold();
  };
  lead = new PolicyLead({ run, live, book, observers: ['git'], runTraceId: () => undefined, tell });
  lead.begin();
};
/** Waits until something is told of `source`. */
const notice = async (isIt: (notice: PolicyNotice) => boolean): Promise<void> =>
  new Promise((resolve) => {
    onTold = () => {
      if (told.some(isIt)) resolve();
    };
    onTold();
  });
const isRefused = ({ field }: PolicyNotice): boolean => field !== undefined;
const inForce = (): unknown[] => [live.version, live.policies.sampling];

beforeEach(() => {
  folder = freshFolder('policies');
  file = join(folder, 'swarmscope.config.json');
  process.chdir(folder);
  writeFileSync(file, JSON.stringify({ policies: { sampling: 0.5 }, budgets: [{ name: 'run', tokens: 100 }] }));
  begin();
});
afterEach(() => {
  lead.stop();
  process.chdir(before);
});

test.each<[string, () => void, string]>([
  ['half written', () => writeFileSync(file, '{"policies": {'), 'swarmscope.config.json'],
  ['NaN', () => writeFileSync(file, '{"policies": {"sampling": NaN}}'), 'swarmscope.config.json'],
  ['a list', () => writeFileSync(file, '[]'), 'swarmscope.config.json'],
  [
    'larger than 1 MiB',
    () => writeFileSync(file, JSON.stringify({ policies: {}, $schema: 'x'.repeat(1_048_576) })),
    'swarmscope.config.json',
  ],
  ['100,000 brackets', () => writeFileSync(file, '['.repeat(100_000)), 'swarmscope.config.json'],
  ['a folder', () => void (rmSync(file), mkdirSync(file)), 'swarmscope.config.json'],
  ['a FIFO', () => void (rmSync(file), execFileSync('mkfifo', [file])), 'swarmscope.config.json'],
  ['a link to a device', () => void (rmSync(file), symlinkSync('/dev/zero', file)), 'swarmscope.config.json'],
  ['a negative share', () => writeFileSync(file, '{"policies": {"sampling": -1}}'), 'policies.sampling'],
  ['content', () => writeFileSync(file, '{"policies": {"content": "SPAN_ONLY"}}'), 'policies.content'],
  ['an unknown name', () => writeFileSync(file, '{"policies": {"sampling": 0.1, "smapling": 1}}'), 'policies.smapling'],
  [
    'a limit of 0',
    () => writeFileSync(file, '{"policies": {"sampling": 0.1}, "budgets": [{"name": "run", "usd": 0}]}'),
    'budget "run": usd',
  ],
  [
    'a circle of budgets',
    () => writeFileSync(file, '{"budgets": [{"name": "a", "parent": "b", "usd": 1}, {"name": "b", "parent": "a", "usd": 1}]}'),
    'budget "a": parent',
  ],
])('%s is refused whole, and what was in force stays', async (_what, spoil, field) => {
  expect(inForce()).toEqual([1, 0.5]);
  spoil();
  await notice(isRefused);
  expect(told.find(isRefused)).toEqual({ source: 'file', version: 1, field });
  expect(lead.problem?.field).toBe(field);
  expect(inForce()).toEqual([1, 0.5]);
});

test('a wrong file that is mended is taken, and no problem is left', async () => {
  writeFileSync(file, '{"policies": {"sampling": 2}}');
  await notice(isRefused);
  writeFileSync(join(folder, 'new'), '{"policies": {"sampling": 0.2}}');
  renameSync(join(folder, 'new'), file);
  await notice(({ version }) => version === 2);
  expect([...inForce(), lead.problem]).toEqual([2, 0.2, undefined]);
});

test('a link whose target is exchanged is seen', async () => {
  mkdirSync(join(folder, 'v2'));
  writeFileSync(join(folder, 'v2', 'config'), '{"policies": {"sampling": 0.3}}');
  symlinkSync(join('v2', 'config'), join(folder, 'new'));
  renameSync(join(folder, 'new'), file);
  await notice(({ version }) => version === 2);
  expect(inForce()).toEqual([2, 0.3]);
});

test('budgets of the file change with it, and what was spent stays', async () => {
  answer({ change: { budgets: [{ name: 'run', tokens: 100 }] } });
  book.charge({ spent: { tokens: 60, usd: 0 }, agents: [], tasks: [], traceId: '', spanId: '' });
  writeFileSync(
    file,
    JSON.stringify({
      budgets: [
        { name: 'run', tokens: 1_000 },
        { name: 'more', parent: 'run', usd: 1 },
      ],
    }),
  );
  await notice(({ source, version }) => source === 'file' && version > 1);
  const levels = (): unknown[] => [...book.levels()].map(({ name, kind, limit, usage }) => [name, kind, limit, usage]);
  expect(levels()).toEqual([
    ['run', 'token', 1_000, 60],
    ['more', 'cost', 1, 0],
  ]);
  expect(answer({ change: { budgets: [] } }).problem).toBeUndefined();
  expect(levels()).toEqual([]);
});

test('an earlier version comes back under a new number; what is null is as the settings say', () => {
  expect(answer({ change: { sampling: 0.1, content: 'SPAN_ONLY' } })).toEqual({ version: 2, problem: undefined });
  expect(answer({ change: { sampling: null } })).toEqual({ version: 3, problem: undefined });
  expect(live.policies).toEqual({ content: 'SPAN_ONLY' });
  expect(answer({ rollback: 1 })).toEqual({ version: 4, problem: undefined });
  expect(live.policies).toEqual({ sampling: 0.5 });
  expect(answer({ rollback: 9 })).toEqual({ version: 4, problem: 'version: expected a version from 0 to 4, received 9' });
  expect(answer({ change: 7 })).toEqual({ version: 4, problem: 'policies: expected an object, received 7' });
});
