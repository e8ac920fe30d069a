/** Calls of a local model wait until its GPU has room. */
import * as names from '../../semconv/index.ts';
import { groupBy } from '../group-by.ts';
import type { Schedule } from '../schedule/index.ts';
import { numberOf, textOf, type SpanNode } from '../span-tree.ts';
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';
import { lossOf } from './losses.ts';
import type { Lost } from './losses/lost.ts';

/** A first chunk that comes so many times later than the quick ones waited for something. */
const TIMES = 2;
const MIN_CALLS = 6;

export const gpuQueue: FindingRule = {
  kind: 'gpu_queue',
  find: (examined) => {
    const { schedule, losses } = examined;
    const lost = [...losses.gpu.lost, ...lateChunks(schedule)];
    return byLoss(examined, lossOf(schedule, lost), {
      confidence: losses.gpu.lost.length > 0 ? 0.9 : 0.75,
      assumptions: ['with room for every call the model answers as fast as it did when it was not full'],
      action: (all, savedMs) =>
        `Serve fewer calls at once, a smaller model or a second GPU: ${spokenTimes(all.length, 'call')} waited for the GPU, which cost about ${spoken(savedMs)}.`,
      where: (all) => ({ models: all.map(({ node }) => textOf(node.row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL)) }),
    });
  },
};

const LOCAL_PROVIDERS = new Set(['ollama', 'vllm', 'llama_cpp', 'llama.cpp', 'sglang', 'lmstudio', 'tgi']);
const LOCAL_ADDRESS = /^(?:localhost|127\.|::1|\[::1\]|0\.0\.0\.0|10\.|192\.168\.|gpu)/;

function isLocal({ row }: SpanNode, hasGpu: boolean): boolean {
  const address = textOf(row.attributes, names.ATTR_SERVER_ADDRESS);
  if (LOCAL_PROVIDERS.has(textOf(row.attributes, names.ATTR_GEN_AI_PROVIDER_NAME) ?? '')) return true;
  return address === undefined ? hasGpu : LOCAL_ADDRESS.test(address);
}

/** First chunks that came late, while as many calls were under way as the GPU ever served. */
function lateChunks({ facts, units }: Schedule): Lost[] {
  const hasGpu = facts.data.series.some(({ name }) => name.startsWith('hw.gpu'));
  const calls = [...facts.llm.calls].filter((node) => isLocal(node, hasGpu) && !facts.refusals.has(node));
  return [...groupBy(calls, ({ row }) => textOf(row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL) ?? '').values()].flatMap((own) => {
    const timed = own.flatMap((node) => {
      const seconds = numberOf(node.row.attributes, names.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK);
      return seconds === undefined ? [] : [{ node, ms: seconds * 1000 }];
    });
    if (timed.length < MIN_CALLS) return [];
    // Even at the beginning few calls found the GPU free: the second quickest shows what that takes.
    const quickMs = timed.map(({ ms }) => ms).sort((a, b) => a - b)[1] ?? 0;
    return timed.flatMap(({ node, ms }): Lost[] => {
      if (ms < TIMES * quickMs || ms - quickMs < 100) return [];
      return [{ node, unit: units.unitOf.get(node), startMs: node.startMs, endMs: node.startMs + ms - quickMs, isWork: true }];
    });
  });
}
