/** Reads registry.yaml into plain typed data; what is not of the expected shape is an error that names the entry. */
import { parse } from 'yaml';

export type ContentClass = 'never' | 'name' | 'content';
export type Level = 'required' | 'conditionally_required' | 'recommended' | 'opt_in';

/** `annotations.swarmscope.status: planned`: the definition is kept for work to come, and nothing is generated from it but its row in the mask. */
interface Planned {
  isPlanned: boolean;
}

export interface Member extends Planned {
  id: string;
  value: string | number;
  brief: string;
}

export interface Attribute extends Planned {
  key: string;
  /** A primitive, an array, `any`, or `enum`. */
  type: string;
  members: Member[];
  brief: string;
  stability: string;
  /** As written; the lint says what is wrong with it. */
  content: string | undefined;
  isHighCardinality: boolean;
}

export interface Reference extends Planned {
  ref: string;
  level: Level;
  /** Text of a conditional requirement. */
  condition: string | undefined;
}

export interface Metric extends Planned {
  name: string;
  instrument: string;
  unit: string;
  brief: string;
  stability: string;
  valueType: string | undefined;
  buckets: number[] | undefined;
  attributes: Reference[];
}

export interface Span extends Planned {
  type: string;
  kind: string;
  name: string;
  brief: string;
  stability: string;
  attributes: Reference[];
}

export interface Event extends Planned {
  name: string;
  brief: string;
  stability: string;
  attributes: Reference[];
}

export interface Registry {
  attributes: Attribute[];
  metrics: Metric[];
  spans: Span[];
  events: Event[];
}

type Node = Record<string, unknown>;

/** Parses the text of a registry. Throws an `Error` that names the entry when the shape is wrong. */
export function readRegistry(text: string): Registry {
  const root = node(parse(text), 'the registry');
  if (root['file_format'] !== 'definition/2') throw new Error(`file_format must be definition/2, found ${String(root['file_format'])}`);
  return {
    attributes: list(root, 'attributes', 'the registry').map(readAttribute),
    metrics: list(root, 'metrics', 'the registry').map(readMetric),
    spans: list(root, 'spans', 'the registry').map(readSpan),
    events: list(root, 'events', 'the registry').map(readEvent),
  };
}

/** What something records today: without what is planned, and without references to it. */
export function liveOf(registry: Registry): Registry {
  const attributes = registry.attributes.filter(isLive).map((a) => ({ ...a, members: a.members.filter(isLive) }));
  const names = new Set(attributes.map(({ key }) => key));
  const carried = <Owner extends Metric | Span | Event>(owners: readonly Owner[]): Owner[] =>
    owners.filter(isLive).map((owner) => ({ ...owner, attributes: owner.attributes.filter((a) => isLive(a) && names.has(a.ref)) }));
  return { attributes, metrics: carried(registry.metrics), spans: carried(registry.spans), events: carried(registry.events) };
}

function isLive({ isPlanned }: Planned): boolean {
  return !isPlanned;
}

function readAttribute(entry: unknown): Attribute {
  const at = node(entry, 'an attribute');
  const key = text(at, 'key', 'an attribute');
  const type = at['type'];
  const ours = annotation(at, 'swarmscope', key);
  return {
    key,
    type: typeof type === 'string' ? type : 'enum',
    members: typeof type === 'string' ? [] : list(node(type, `type of ${key}`), 'members', key).map((member) => readMember(member, key)),
    brief: text(at, 'brief', key),
    stability: text(at, 'stability', key),
    content: typeof ours['content'] === 'string' ? ours['content'] : undefined,
    isHighCardinality: ours['cardinality'] === 'high',
    isPlanned: readPlanned(at, key),
  };
}

function readMember(entry: unknown, key: string): Member {
  const at = node(entry, `a member of ${key}`);
  const value = at['value'];
  if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`a member of ${key} needs a string or number as value`);
  const id = text(at, 'id', `a member of ${key}`);
  return { id, value, brief: typeof at['brief'] === 'string' ? at['brief'] : '', isPlanned: readPlanned(at, `${id} of ${key}`) };
}

function readMetric(entry: unknown): Metric {
  const at = node(entry, 'a metric');
  const name = text(at, 'name', 'a metric');
  const valueType = annotation(at, 'code_generation', name)['metric_value_type'];
  const buckets = annotation(at, 'swarmscope', name)['buckets'];
  return {
    name,
    instrument: text(at, 'instrument', name),
    unit: text(at, 'unit', name),
    brief: text(at, 'brief', name),
    stability: text(at, 'stability', name),
    valueType: typeof valueType === 'string' ? valueType : undefined,
    buckets: Array.isArray(buckets) ? buckets.map(Number) : undefined,
    attributes: references(at, name),
    isPlanned: readPlanned(at, name),
  };
}

function readSpan(entry: unknown): Span {
  const at = node(entry, 'a span');
  const type = text(at, 'type', 'a span');
  return {
    type,
    kind: text(at, 'kind', type),
    name: text(node(at['name'], `name of ${type}`), 'note', type),
    brief: text(at, 'brief', type),
    stability: text(at, 'stability', type),
    attributes: references(at, type),
    isPlanned: readPlanned(at, type),
  };
}

function readEvent(entry: unknown): Event {
  const at = node(entry, 'an event');
  const name = text(at, 'name', 'an event');
  return {
    name,
    brief: text(at, 'brief', name),
    stability: text(at, 'stability', name),
    attributes: references(at, name),
    isPlanned: readPlanned(at, name),
  };
}

function references(at: Node, owner: string): Reference[] {
  if (at['attributes'] === undefined) return [];
  return list(at, 'attributes', owner).map((entry) => {
    const one = node(entry, `an attribute of ${owner}`);
    const ref = text(one, 'ref', `an attribute of ${owner}`);
    const level = one['requirement_level'];
    const isPlanned = readPlanned(one, `${ref} in ${owner}`);
    if (typeof level === 'string') return { ref, level: readLevel(level, owner), condition: undefined, isPlanned };
    const condition = text(node(level, `requirement_level of ${ref} in ${owner}`), 'conditionally_required', `${ref} in ${owner}`);
    return { ref, level: 'conditionally_required', condition, isPlanned };
  });
}

function readLevel(level: string, owner: string): Level {
  if (level === 'required' || level === 'recommended' || level === 'opt_in') return level;
  throw new Error(`${owner}: requirement_level must be required, recommended, opt_in or {conditionally_required: why}, found ${level}`);
}

function readPlanned(at: Node, owner: string): boolean {
  const { status } = annotation(at, 'swarmscope', owner);
  if (status !== undefined && status !== 'planned')
    throw new Error(`${owner}: the only status is planned, found ${JSON.stringify(status)}`);
  return status === 'planned';
}

function annotation(at: Node, name: string, owner: string): Node {
  if (at['annotations'] === undefined) return {};
  const value = node(at['annotations'], `annotations of ${owner}`)[name];
  return value === undefined ? {} : node(value, `annotations.${name} of ${owner}`);
}

function node(value: unknown, what: string): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} must be a mapping`);
  return value as Node;
}

function list(at: Node, field: string, owner: string): unknown[] {
  const value = at[field];
  if (!Array.isArray(value)) throw new Error(`${owner} needs a list called ${field}`);
  return value;
}

function text(at: Node, field: string, owner: string): string {
  const value = at[field];
  if (typeof value !== 'string' || value === '') throw new Error(`${owner} needs a text called ${field}`);
  return value;
}
