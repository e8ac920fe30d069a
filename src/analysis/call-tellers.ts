/** Who told of a call, and which process made it. */
import * as names from '../semconv/index.ts';
import { observerOf } from '../semconv/index.ts';
import { numberOf, textOf, type SpanNode } from './span-tree.ts';

/**
 * What told of a call, the best reader of its bytes first: the preload in the process, the gateway, the agent about itself, a library in
 * the program, a reader in the kernel, the agent's session file.
 */
export const TELLERS = ['wire', 'gateway', 'agent', 'library', 'kernel', 'session file'] as const;
export type Teller = (typeof TELLERS)[number];

/** What the spans of the gateway name as their observer. */
export const GATEWAY = 'gateway' satisfies Teller;

/** Scope of the spans that our own processes make; those of session files have one of their own below it. */
const OUR_SCOPE = 'swarmscope';
export const SESSION_FILE_SCOPE = `${OUR_SCOPE}.sessions`;

export function tellerOf({ row: { scopeName, attributes } }: Pick<SpanNode, 'row'>): Teller {
  // A process that tells of its own call need not say which process made it; runs of older versions name no observer.
  if (scopeName === OUR_SCOPE) {
    const isGateway = attributes[names.ATTR_SWARMSCOPE_OBSERVER_NAME] === GATEWAY || attributes[names.ATTR_PROCESS_PID] !== undefined;
    return isGateway ? 'gateway' : 'wire';
  }
  if (scopeName.startsWith(`${OUR_SCOPE}.`)) return 'session file';
  return observerOf(textOf(attributes, names.ATTR_SWARMSCOPE_DIALECT)) ?? 'library';
}

/** Whether we told of it from outside or from within, and not a program of itself. */
export const isOwnScope = ({ row: { scopeName } }: SpanNode): boolean => scopeName === OUR_SCOPE || scopeName.startsWith(`${OUR_SCOPE}.`);

/** Reads the bytes of the call itself: it sees every call of what it watches. */
export function isByteReader(node: SpanNode): boolean {
  return ['wire', 'gateway', 'kernel'].includes(tellerOf(node));
}

/** Two spans that one sender made are two calls. */
export function areTwoTellers(a: SpanNode, b: SpanNode): boolean {
  return tellerKey(a) !== tellerKey(b);
}

/** Equal for two spans of one teller. */
export const tellerKey = (node: SpanNode): string => `${tellerOf(node)} ${node.row.scopeName}`;

/** Process that made the call: as the span says, else that of its sender, else that of the nearest process above. */
export function processOf(node: Pick<SpanNode, 'row' | 'parent'>): number | undefined {
  const own = numberOf(node.row.attributes, names.ATTR_PROCESS_PID);
  // The kernel's reader and the gateway are processes beside, wherever their spans hang.
  if (own !== undefined || ['kernel', 'gateway'].includes(tellerOf(node))) return own;
  if (node.row.pid !== undefined) return node.row.pid;
  for (let at = node.parent; at !== undefined; at = at.parent) {
    const above = numberOf(at.row.attributes, names.ATTR_PROCESS_PID);
    if (above !== undefined) return above;
  }
  return undefined;
}
