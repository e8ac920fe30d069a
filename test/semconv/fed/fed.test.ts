/**
 * Nothing in the registry is unfed: each live name (attribute, value, metric, label, span, event) is recorded by one of the small programs of this folder, or
 * listed in elsewhere.ts with the test that proves it. And nothing is recorded that the registry does not know.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { liveOf, readRegistry } from '../../../tools/semconv/registry.ts';
import { observe } from '../../e2e/programs.ts';
import { startModels } from '../../harness/index.ts';
import { repository } from '../../harness/paths.ts';
import { recordedInDialects } from './dialects.ts';
import { elsewhere } from './elsewhere.ts';
import { recordedInside } from './inside.ts';
import { namesIn, namesOf, strayNames } from './names.ts';
import { programs, script } from './programs.ts';
import { spending } from './spending.ts';
import { telling } from './telling.ts';
import { recordedIn, together, type Recorded } from './recorded.ts';

const registry = liveOf(readRegistry(readFileSync(join(repository, 'src/semconv/registry.yaml'), 'utf8')));
/** Dozens of programs one after the other. */
const LIMIT_MS = 900_000;

let recorded: Recorded;
let seen: ReadonlySet<string>;

beforeAll(async () => {
  const models = await startModels({ answersAll: false });
  try {
    script(models);
    const all: Recorded[] = [recordedInDialects(registry), ...(await recordedInside())];
    for (const { title, way, options } of [...programs(models), spending(models), telling]) {
      const { sink, code, stderr } = await observe(way, options);
      if (code !== 0) throw new Error(`${title} ended with ${String(code)}: ${stderr}`);
      all.push(recordedIn(sink));
    }
    recorded = together(all);
    seen = namesOf(recorded, registry);
  } finally {
    await models.close();
  }
}, LIMIT_MS);

const provenElsewhere = new Set(elsewhere.flatMap(({ lines }) => lines));
const unfed = (names: ReadonlySet<string>): string[] => [...names].filter((name) => !seen.has(name) && !provenElsewhere.has(name));

test('every live name of the registry is recorded; what nothing records yet is marked as planned', () => {
  expect(unfed(namesIn(registry))).toEqual([]);
});

test('nothing is recorded that the registry does not know', () => {
  expect(strayNames(recorded, registry)).toEqual([]);
});

test.each(elsewhere)('$file names what is recorded by $by', ({ file, words }) => {
  const text = readFileSync(join(repository, file), 'utf8');
  expect(words.filter((word) => !text.includes(word))).toEqual([]);
});

test('what is said to be recorded elsewhere is in the registry, and is not recorded here unless by chance', () => {
  const live = namesIn(registry);
  expect([...provenElsewhere].filter((name) => !live.has(name))).toEqual([]);
  const certain = elsewhere.filter(({ isByChance }) => isByChance !== true).flatMap(({ lines }) => lines);
  expect(certain.filter((name) => seen.has(name))).toEqual([]);
});

test('a name that is called live and that nobody records is found', () => {
  const [attribute] = registry.attributes;
  const [metric] = registry.metrics;
  if (attribute === undefined || metric === undefined) throw new Error('the registry is empty');
  const planted = {
    ...registry,
    attributes: [...registry.attributes, { ...attribute, key: 'swarmscope.planted.name', members: [] }],
    metrics: [...registry.metrics, { ...metric, name: 'swarmscope.planted.count', attributes: [] }],
  };
  expect(unfed(namesIn(planted))).toEqual(['attribute swarmscope.planted.name', 'metric swarmscope.planted.count']);
});

test('a name that is recorded and is not in the registry is found', () => {
  const span = { name: 'planted', kind: 1, scope: 'swarmscope', attributes: new Map([['swarmscope.planted.name', 'x']]) };
  const point = { name: 'swarmscope.queue.size', attributes: new Map([['swarmscope.pool.name', 'p']]) };
  const planted: Recorded = { resources: [], spans: [span], spanEvents: [], events: [], points: [point] };
  expect(strayNames(planted, registry)).toEqual([
    'attribute swarmscope.planted.name',
    'label swarmscope.queue.size swarmscope.pool.name',
    'span of no type: planted',
  ]);
});
