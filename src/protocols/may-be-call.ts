/** Whether a request may be an LLM call, by its method and path: all that every process holds of the protocols. */
import { CALL_PATHS } from './call-paths.ts';
import { PathIndex, type PathRow } from './path-index.ts';

let index: PathIndex<PathRow> | undefined;

/** @example mayBeCall({ method: 'POST', path: '/v1/messages' }) === true */
export function mayBeCall({ method, path }: { readonly method: string; readonly path: string }): boolean {
  index ??= new PathIndex(CALL_PATHS.map(rowOf));
  return index.find(method, path) !== undefined;
}

function rowOf(written: string): PathRow {
  const slash = written.indexOf('/');
  return { path: written.slice(slash), method: slash === 0 ? undefined : written.slice(0, slash) };
}
