/** Rows and looks for the tests of live findings. */
import type { LeftProcess, LiveFindings, SilentProcess } from '../../../src/analysis/live/index.ts';
import type { Attributes, SpanRow } from '../../../src/analysis/model.ts';
import * as names from '../../../src/semconv/index.ts';

export const T0 = 1_700_000_000_000;
let number = 0;

/** `endS` undefined: the record of its start. Times are seconds of the run. */
export function span(attributes: Attributes, startS: number, endS?: number, more: Partial<SpanRow> = {}): SpanRow {
  number += 1;
  return {
    traceId: 't',
    spanId: `s${number}`,
    parentSpanId: undefined,
    name: 'step',
    kind: 1,
    startMs: T0 + startS * 1_000,
    endMs: endS === undefined ? undefined : T0 + endS * 1_000,
    isError: false,
    attributes,
    links: [],
    scopeName: 'swarmscope',
    serviceName: 'swarm',
    pid: 10,
    sender: 'p',
    ...more,
  };
}

export const chat = {
  [names.ATTR_GEN_AI_OPERATION_NAME]: 'chat',
  [names.ATTR_GEN_AI_PROVIDER_NAME]: 'openai',
  [names.ATTR_GEN_AI_REQUEST_MODEL]: 'm',
};
export const task = (id: string): Attributes => ({
  [names.ATTR_SWARMSCOPE_OPERATION_NAME]: names.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK,
  [names.ATTR_SWARMSCOPE_TASK_ID]: id,
  [names.ATTR_SWARMSCOPE_TASK_TYPE]: 'implement',
});
export const tool = (name: string, given = '', got = ''): Attributes => ({
  [names.ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
  [names.ATTR_GEN_AI_TOOL_NAME]: name,
  ...(given === '' ? {} : { [names.ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH]: given }),
  ...(got === '' ? {} : { [names.ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH]: got }),
});
export const refused = (status: number, atS: number): SpanRow =>
  span({ ...chat, [names.ATTR_HTTP_RESPONSE_STATUS_CODE]: status, [names.ATTR_ERROR_TYPE]: String(status) }, atS - 0.1, atS, {
    isError: true,
  });
export const ended = (row: SpanRow, endS: number): SpanRow => ({ ...row, endMs: T0 + endS * 1_000 });

/** What a look at that second says: `+kind` raised, `-kind` withdrawn. */
export function said(findings: LiveFindings, atS: number, around?: Parameters<LiveFindings['look']>[1]): string[] {
  return findings.look(T0 + atS * 1_000, around).map(({ state, finding }) => `${state === 'raised' ? '+' : '-'}${finding.kind}`);
}

export const around = (given: { silent?: SilentProcess[]; left?: LeftProcess[]; gone?: number[] }) => ({
  silent: given.silent ?? [],
  left: given.left ?? [],
  isGone: (pid: number) => (given.gone ?? []).includes(pid),
});
