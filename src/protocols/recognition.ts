/** Tells which call of which protocol a request is, from its method and path. */
import * as catalogue from './catalogue.ts';
import { PathIndex, type PathRow } from './path-index.ts';
import type { Operation, Protocol } from './protocol.ts';

export interface Recognised {
  readonly protocol: Protocol;
  readonly operation: Operation;
  /** Where the path names it. */
  readonly model: string | undefined;
  /** Of the response that it asks for. */
  readonly responseId?: string | undefined;
  /** What else goes to the same path: the body of the request tells which of them it is. */
  readonly others?: readonly Pick<Recognised, 'protocol' | 'operation'>[] | undefined;
}

interface Row extends PathRow {
  readonly protocol: Protocol;
  readonly operation: Operation;
  /** The later ones of the same path. */
  others?: Row[];
}

let index: PathIndex<Row> | undefined;

/** `undefined` for a request that is no LLM call. @example recognise({ method: 'POST', path: '/v1/messages' })?.operation.name */
export function recognise({ method, path }: { readonly method: string; readonly path: string }): Recognised | undefined {
  index ??= new PathIndex(together(Object.values<Protocol>(catalogue).flatMap(rowsOf)));
  const found = index.find(method, path);
  if (found === undefined) return undefined;
  const { protocol, operation, others } = found.row;
  const { model, response, id } = found.variables;
  return { protocol, operation, model: decoded(model), responseId: (response ?? id)?.slice(0, MAX_MODEL_CHARACTERS), others };
}

function rowsOf(protocol: Protocol): Row[] {
  return protocol.operations.map((operation) => ({ path: operation.path, method: operation.method, protocol, operation }));
}

/** One row for each path: Databricks serves models of every kind by one. */
function together(rows: readonly Row[]): Row[] {
  const firsts = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.method ?? ''} ${row.path}`;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, row);
    else (first.others ??= []).push(row);
  }
  return [...firsts.values()];
}

/** Longest name of a model that a path gives: an ARN is long, a made-up path longer. */
const MAX_MODEL_CHARACTERS = 512;

function decoded(model: string | undefined): string | undefined {
  if (model === undefined) return undefined;
  try {
    const name = decodeURIComponent(model).slice(0, MAX_MODEL_CHARACTERS);
    // The name of a resource of AWS holds the number of the account.
    return name.startsWith('arn:') ? name.slice(name.lastIndexOf('/') + 1) : name;
  } catch {
    // A lone percent sign: the name as it was sent.
    return model.slice(0, MAX_MODEL_CHARACTERS);
  }
}
