/** Compactions of a conversation: that an answer tells of, or that a request still carries. */
import {
  ATTR_GEN_AI_CONVERSATION_COMPACTED,
  ATTR_SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER,
  SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER_VALUE_MANUAL,
  SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER_VALUE_PROVIDER,
} from '../../semconv/index.ts';
import { asArray, asObject, type JsonObject } from '../read/json.ts';
import type { AnswerFacts } from './answer.ts';

/** The provider has compacted by itself, or the call asked for nothing else. The first word for it counts. */
export function tellCompaction(facts: AnswerFacts, by: 'provider' | 'request'): void {
  facts.attributes[ATTR_GEN_AI_CONVERSATION_COMPACTED] = true;
  facts.attributes[ATTR_SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER] ??=
    by === 'request' ? SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER_VALUE_MANUAL : SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER_VALUE_PROVIDER;
}

/** Anthropic's `context_management`: what it took out of the conversation before the model read it. */
export function readAppliedEdits(facts: AnswerFacts, holder: JsonObject | undefined): void {
  if (asArray(asObject(holder?.['context_management'])?.['applied_edits']).length > 0) tellCompaction(facts, 'provider');
}

/** Whether one of the items, or of the blocks in their content, stands for what was compacted before: else `undefined`. */
export function isCompacted(items: unknown): true | undefined {
  const holds = (each: unknown): boolean => asObject(each)?.['type'] === 'compaction';
  return asArray(items).some((item) => holds(item) || asArray(asObject(item)?.['content']).some(holds)) ? true : undefined;
}
