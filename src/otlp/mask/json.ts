/** Takes content out of an OTLP request in JSON. */
import type { Signal } from '../../config/settings/index.ts';
import { eventNameOf, readAttributes, readJsonValue, readText, treeIn, treesIn, type Tree } from '../read/index.ts';
import { LIST_NAMES } from '../request.ts';
import { hiddenNames, isBodyHidden, OWN_SCOPE, type Sender } from './hidden.ts';

interface Json {
  [name: string]: unknown;
}

const KINDS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;

/** `body` itself where nothing had to go. */
export function maskJson(body: Buffer, signal: Signal): Buffer {
  const request = JSON.parse(body.toString('utf8')) as Json;
  const [resources, scopes, records] = LIST_NAMES[signal];
  let isChanged = false;
  const drop = (owner: Json, name: string): void => {
    delete owner[name];
    isChanged = true;
  };
  const filter = (owner: Json, isHidden: (key: string) => boolean): void => {
    const given = list(owner['attributes']);
    const kept = given.filter(({ key }) => !isHidden(String(key)));
    if (kept.length === given.length) return;
    owner['attributes'] = kept;
    isChanged = true;
  };
  const mask: Readonly<Record<Signal, (record: Json, scopeName: string) => void>> = {
    traces(span, scopeName) {
      const sender: Sender = { name: text(span['name']), scopeName, pairs: pairsOf(span) };
      filter(span, hiddenNames(sender));
      for (const event of list(span['events'])) filter(event, hiddenNames(sender, pairsOf(event)));
      const status = span['status'] as Json | undefined;
      if (text(status?.['message']) !== '') drop(status as Json, 'message');
    },
    metrics(metric, scopeName) {
      for (const kind of KINDS)
        for (const point of list((metric[kind] as Json | undefined)?.['dataPoints']))
          filter(point, hiddenNames({ name: text(metric['name']), scopeName, pairs: pairsOf(point) }));
    },
    logs(record, scopeName) {
      const tree = readJsonValue(record, 'LogRecord');
      const sender: Sender = { name: eventNameOf(tree, readAttributes(tree)), scopeName, pairs: treesIn(tree, 'attributes') };
      const said = readText(treeIn(tree, 'body'));
      filter(record, hiddenNames(sender));
      if (said !== undefined && isBodyHidden(sender, said)) drop(record, 'body');
    },
  };
  for (const resource of list(request[resources])) {
    const about = resource['resource'] as Json | undefined;
    if (about !== undefined) filter(about, hiddenNames({ name: '', scopeName: '', pairs: pairsOf(about) }));
    for (const scope of list(resource[scopes])) {
      const scopeName = text((scope['scope'] as Json | undefined)?.['name']);
      if (scopeName !== OWN_SCOPE) for (const record of list(scope[records])) mask[signal](record, scopeName);
    }
  }
  return isChanged ? Buffer.from(JSON.stringify(request)) : body;
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Any owner of attributes reads like a resource. */
const pairsOf = ({ attributes }: Json): readonly Tree[] =>
  treesIn(readJsonValue({ attributes: attributes ?? [] }, 'Resource'), 'attributes');
