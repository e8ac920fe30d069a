/** An agent makes the same tool calls with the same results, round after round. */
import * as names from '../../../semconv/index.ts';
import { textOf } from '../../span-tree.ts';
import { addEvidence, type EndedSpan, type LiveRule } from '../detector.ts';
import { placeOf, type Work } from '../open-work.ts';
import type { Claim, LiveEvidence } from '../types.ts';

/** Calls that make one round: the same one, two that alternate, or three. */
const PERIODS = [1, 2, 3] as const;
/** Without a call for so long it goes round no more. */
const QUIET_MS = 300_000;
/** Conversations that are followed; the one without a call for longest is let go. */
const MAX_CONVERSATIONS = 5_000;

interface Conversation {
  /** Of calls with what they brought; the last one last. */
  readonly calls: string[];
  readonly evidence: LiveEvidence[];
  /** What its calls are made in, where that is known. */
  readonly place: Work | undefined;
  readonly agent: string | undefined;
  readonly task: string | undefined;
  readonly title: string;
  tool: string;
  lastMs: number;
  rounds: number;
  sinceMs: number | undefined;
}

export const toolLoop: LiveRule = {
  kind: 'tool_loop',
  watch({ value: threshold }) {
    const conversations = new Map<string, Conversation>();
    const kept = threshold * Math.max(...PERIODS);
    return {
      ended(span: EndedSpan) {
        const { row, class: kind } = span;
        if (kind !== 'tool' || row.endMs === undefined) return;
        const call = callOf(row.attributes);
        // Without hashes a call that polls looks like one that gets the same again.
        if (call === undefined) return;
        const { key, conversation } = conversationOf(span, conversations);
        conversations.delete(key);
        conversations.set(key, conversation);
        conversation.calls.push(call);
        if (conversation.calls.length > kept) conversation.calls.shift();
        conversation.tool = textOf(row.attributes, names.ATTR_GEN_AI_TOOL_NAME) ?? row.name;
        conversation.lastMs = row.endMs;
        addEvidence(conversation.evidence, row);
        conversation.rounds = roundsIn(conversation.calls, threshold);
        if (conversation.rounds === 0) conversation.sinceMs = undefined;
        else conversation.sinceMs ??= row.startMs;
        if (conversations.size > MAX_CONVERSATIONS)
          for (const oldest of conversations.keys()) {
            conversations.delete(oldest);
            break;
          }
      },
      claims({ nowMs }) {
        const claims: Claim[] = [];
        for (const [key, { rounds, lastMs, place, sinceMs, evidence, ...of }] of conversations) {
          if (place !== undefined && !place.isOpen) conversations.delete(key);
          else if (rounds > 0 && nowMs - lastMs < QUIET_MS)
            claims.push({
              id: `tool_loop:${key}`,
              text: `${of.title} calls ${of.tool} with the same arguments and gets the same result, ${rounds} times in a row`,
              action: 'Stop it, or tell it that the result will not change; bound the rounds of an agent.',
              sinceMs: sinceMs ?? lastMs,
              value: rounds,
              threshold,
              where: { agent: of.agent, task: of.task, tool: of.tool },
              evidence: [...evidence],
            });
        }
        return claims;
      },
    };
  },
};

function callOf(attributes: EndedSpan['row']['attributes']): string | undefined {
  const given = textOf(attributes, names.ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH);
  const got = textOf(attributes, names.ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH);
  if (given === undefined || got === undefined) return undefined;
  return `${textOf(attributes, names.ATTR_GEN_AI_TOOL_NAME) ?? ''} ${given} ${got}`;
}

function conversationOf({ row, parent }: EndedSpan, known: ReadonlyMap<string, Conversation>): { key: string; conversation: Conversation } {
  const { task, agent } = placeOf(parent);
  const place = agent ?? task;
  const key = place === undefined ? `${row.traceId}/${row.pid ?? ''}` : `${place.traceId}/${place.spanId}`;
  const conversation = known.get(key) ?? {
    calls: [],
    evidence: [],
    place,
    agent: agent?.agent,
    task: task?.task,
    title: place?.name ?? 'The program',
    tool: '',
    lastMs: 0,
    rounds: 0,
    sinceMs: undefined,
  };
  return { key, conversation };
}

/** How many rounds at the end are the same; 0 for fewer than `least`. */
function roundsIn(calls: readonly string[], least: number): number {
  for (const period of PERIODS) {
    let same = period;
    while (same < calls.length && calls[calls.length - 1 - same] === calls[calls.length - 1 - same + period]) same += 1;
    const rounds = Math.floor(same / period);
    if (rounds >= least) return rounds;
  }
  return 0;
}
