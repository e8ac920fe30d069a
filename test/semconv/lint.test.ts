/** Every rule of the lint is proven by a planted fault. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { lint, lintDialects } from '../../tools/semconv/lint.ts';
import { dialectText } from '../../tools/semconv/dialect-files.ts';
import { readDialects } from '../../tools/semconv/read-dialects.ts';
import { readRegistry, type Registry } from '../../tools/semconv/registry.ts';

const text = readFileSync('src/semconv/registry.yaml', 'utf8');
const dialects = readDialects(dialectText('.'));

/** A small sound registry, read anew for each fault. */
function sound(): Registry {
  return readRegistry(`
file_format: definition/2
attributes:
  - { key: a.kind, type: string, brief: Kind., stability: development, annotations: { swarmscope: { content: name } } }
  - { key: a.id, type: string, brief: Id., stability: development, annotations: { swarmscope: { content: name, cardinality: high } } }
  - { key: a.text, type: any, brief: Text., stability: development, annotations: { swarmscope: { content: content } } }
metrics:
  - name: a.count
    instrument: updowncounter
    unit: '{thing}'
    brief: Things.
    stability: development
    annotations: { code_generation: { metric_value_type: int } }
    attributes: [{ ref: a.kind, requirement_level: required }]
  - name: a.wait_time
    instrument: histogram
    unit: s
    brief: Wait.
    stability: development
    annotations: { code_generation: { metric_value_type: double }, swarmscope: { buckets: [1, 2] } }
spans:
  - type: a.internal
    kind: internal
    name: { note: 'do {a.kind}' }
    brief: Does.
    stability: development
    attributes: [{ ref: a.kind, requirement_level: required }, { ref: a.text, requirement_level: opt_in }]
events:
  - { name: a.thing.made, brief: Made., stability: development, attributes: [{ ref: a.id, requirement_level: required }] }
`);
}

function first<T>(items: T[]): T {
  const item = items[0];
  if (item === undefined) throw new Error('the small registry has lost an entry');
  return item;
}

const attribute = (r: Registry) => first(r.attributes);
const metric = (r: Registry) => first(r.metrics);
const histogram = (r: Registry) => first(r.metrics.slice(1));
const span = (r: Registry) => first(r.spans);
const reference = (ref: string) => ({ ref, level: 'required' as const, condition: undefined, isPlanned: false });

const faults: readonly [rule: string, plant: (r: Registry) => unknown, said: RegExp][] = [
  ['an upper-case name', (r) => (attribute(r).key = 'a.Kind'), /a\.Kind: use lower-case words/],
  ['a name that ends with a dot', (r) => (attribute(r).key = 'a.kind.'), /use lower-case words/],
  ['a doubled underscore', (r) => (attribute(r).key = 'a.ki__nd'), /use lower-case words/],
  ['a name without a namespace', (r) => (attribute(r).key = 'kind'), /kind: needs a namespace/],
  ['a name that is a namespace of another', (r) => (attribute(r).key = 'a.id.more'), /attribute a\.id: is a namespace of a\.id\.more/],
  ['a metric that is a namespace of another', (r) => (histogram(r).name = 'a.count.wait_time'), /metric a\.count: is a namespace/],
  ['two names that give one constant', (r) => r.metrics.push({ ...histogram(r), name: 'a.wait.time' }), /same constant as a\.wait_time/],
  ['a name defined twice', (r) => r.attributes.push(attribute(r)), /attribute a\.kind: is defined twice/],
  ['a span type defined twice', (r) => r.spans.push(span(r)), /span a\.internal: is defined twice/],
  ['an attribute without a content class', (r) => (attribute(r).content = undefined), /content must be never, name or content/],
  ['an unknown content class', (r) => (attribute(r).content = 'secret'), /content must be never, name or content/],
  ['a complex value that is not content', (r) => (first(r.attributes.slice(2)).content = 'never'), /can hold content/],
  ['an unknown type', (r) => (attribute(r).type = 'text'), /unknown type text/],
  ['an enum without members', (r) => (attribute(r).type = 'enum'), /an enum needs members/],
  ['a brief without a period', (r) => (metric(r).brief = 'Things'), /brief must end with a period/],
  ['a unit that is no base unit', (r) => (metric(r).unit = 'ms'), /unit ms is neither/],
  ['a plural annotation as unit', (r) => (metric(r).unit = '{things}'), /must be singular/],
  ['a unit with a factor before its annotation', (r) => (metric(r).unit = '1{thing}'), /is neither/],
  ['a unit in the name of a metric', (r) => (histogram(r).name = 'a.wait_seconds'), /no unit and no total/],
  ['a total in the name of a metric', (r) => (metric(r).name = 'a.total'), /no unit and no total/],
  ['an unknown instrument', (r) => (metric(r).instrument = 'timer'), /unknown instrument timer/],
  ['a metric without a value type', (r) => (metric(r).valueType = undefined), /metric_value_type must be int or double/],
  ['a histogram without buckets', (r) => (histogram(r).buckets = undefined), /needs annotations\.swarmscope\.buckets/],
  ['buckets that do not rise', (r) => (histogram(r).buckets = [1, 1]), /buckets must rise/],
  ['buckets on a counter', (r) => (metric(r).buckets = [1]), /only a histogram has buckets/],
  ['a utilization that is no ratio', (r) => (metric(r).name = 'a.utilization'), /has the unit 1/],
  ['an id as label', (r) => metric(r).attributes.push(reference('a.id')), /a\.count: a\.id has a high cardinality/],
  ['content as label', (r) => metric(r).attributes.push(reference('a.text')), /a\.text is content and never a label/],
  ['a list as label', (r) => (attribute(r).type = 'string[]'), /a\.kind is no single value/],
  [
    'a reference to nothing',
    (r) => metric(r).attributes.push(reference('a.nothing')),
    /refers to a\.nothing, which is not in the registry/,
  ],
  ['an attribute referred to twice', (r) => metric(r).attributes.push(reference('a.kind')), /a\.kind: is defined twice/],
  ['a signal more stable than what it refers to', (r) => (metric(r).stability = 'stable'), /is more stable than a\.kind/],
  ['an unknown kind of span', (r) => (span(r).kind = 'inner'), /unknown kind inner/],
  ['a span name from an attribute it does not carry', (r) => (span(r).name = 'do {a.id}'), /uses a\.id, which it does not carry/],
  [
    'a span name from an id',
    (r) => ((span(r).name = 'do {a.id}'), span(r).attributes.push(reference('a.id'))),
    /whose cardinality is high/,
  ],
  ['a span name from a planned attribute', (r) => (attribute(r).isPlanned = true), /its name uses a\.kind, which is planned/],
  [
    'an enum of which every member is planned',
    (r) => {
      attribute(r).type = 'enum';
      attribute(r).members = [{ id: 'one', value: 'one', brief: '', isPlanned: true }];
    },
    /all its members are planned/,
  ],
];

describe('the lint', () => {
  test('accepts the registry as it is, and the registry is not empty', () => {
    const registry = readRegistry(text);
    expect(lint(registry)).toEqual([]);
    expect(registry.attributes.length).toBeGreaterThan(200);
    expect(registry.metrics.length).toBeGreaterThan(100);
  });

  test('accepts the small registry that the faults are planted in', () => {
    expect(lint(sound())).toEqual([]);
  });

  test.each(faults)('refuses %s', (_rule, plant, said) => {
    const registry = sound();
    plant(registry);
    expect(lint(registry).join('\n')).toMatch(said);
  });

  test('accepts the dialects as they are', () => {
    expect(lintDialects(dialects, readRegistry(text))).toEqual([]);
  });

  test('refuses a dialect that maps to a name nobody knows', () => {
    const [some] = dialects;
    if (some === undefined) throw new Error('no dialect was read');
    const broken = { ...some, attributes: [{ from: 'model', to: 'gen_ai.request.modle' }] };
    expect(lintDialects([broken], readRegistry(text))).toEqual([expect.stringContaining('gen_ai.request.modle')]);
  });

  test('refuses a dialect that maps to a planned name, because the dialect feeds it', () => {
    const [some] = dialects;
    if (some === undefined) throw new Error('no dialect was read');
    const broken = { ...some, attributes: [{ from: 'parent', to: 'gen_ai.agent.version' }] };
    expect(lintDialects([broken], readRegistry(text))).toEqual([expect.stringContaining('which is planned')]);
  });
});

describe('reading', () => {
  test.each([
    ['another file format', 'file_format: definition/1', /file_format must be definition\/2/],
    ['a missing list', 'file_format: definition/2', /needs a list called attributes/],
    ['no mapping at all', '- 1', /the registry must be a mapping/],
    [
      'another status',
      text.replace('content: never, status: planned', 'content: never, status: plannd'),
      /the only status is planned, found "plannd"/,
    ],
    [
      'a misspelt requirement level',
      text.replace('requirement_level: recommended', 'requirement_level: recomended'),
      /requirement_level must be .* found recomended/,
    ],
  ])('refuses %s and says where', (_what, broken, said) => {
    expect(() => readRegistry(broken)).toThrow(said);
  });

  test('refuses a misspelt field of a dialect rule, which would silently do less', () => {
    const broken = 'dialects: [{ name: x, match: {}, attributes: [{ from: a, to: b, sclae: 2 }], spans: [] }]';
    expect(() => readDialects(broken)).toThrow('x, a: unknown field sclae');
  });
});
