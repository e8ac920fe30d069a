/** InvokeModel of Amazon Bedrock with Anthropic's messages. Its stream is written as server-sent events here. */
import { table as messages } from '../anthropic-messages/cases.ts';
import type { AnswerRow, ProtocolTable, RequestRow } from '../protocol.cases.ts';

const path = '/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke';
const streamPath = `${path}-with-response-stream`;
const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const metrics = { inputTokenCount: 1, outputTokenCount: 1, invocationLatency: 1_000, firstByteLatency: 300 };

/** The events of a stream of Anthropic's, each in base64 as the service sends them. */
function wrapped(events: unknown): string {
  return [...String(events).matchAll(/^data: (\{.*)$/gm)]
    .map(([, data = '']) =>
      data.includes('"message_stop"') ? JSON.stringify({ ...JSON.parse(data), 'amazon-bedrock-invocationMetrics': metrics }) : data,
    )
    .map((data) => `event: chunk\ndata: ${JSON.stringify({ bytes: Buffer.from(data).toString('base64'), p: 'abc' })}\n\n`)
    .join('');
}

/** The same request without what stands in the path. */
function asked({ request, expected }: RequestRow): RequestRow {
  const { requestModel: _, stream: __, ...facts } = expected;
  return { request: { ...(request as object), anthropic_version: 'bedrock-2023-05-31' }, expected: facts };
}

function given<Row extends object>(row: Row): Exclude<Row, { readonly doesNotApply: string }> {
  if ('doesNotApply' in row) throw new Error('the table of the messages has no such row');
  return row as never;
}

const streamed = <Row extends AnswerRow>(row: Row): Row => ({ ...row, path: streamPath, answer: wrapped(row.answer) });
const stream = given(messages.stream);
const tools = given(messages.tools);
const content = given(messages.content);

export const table: ProtocolTable = {
  own: [
    [`https://bedrock-runtime.us-east-1.amazonaws.com${path}`, 'aws.bedrock', 'chat', model],
    [`https://bedrock-runtime.us-east-1.amazonaws.com${streamPath}`, 'aws.bedrock', 'chat', model],
    ['http://localhost:4010/model/meta.llama3-1-8b-instruct-v1:0/invoke', 'aws.bedrock', 'chat', 'meta.llama3-1-8b-instruct-v1:0'],
    [
      'https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.titan-embed-text-v2%3A0/invoke',
      'aws.bedrock',
      'embeddings',
      'amazon.titan-embed-text-v2:0',
    ],
  ],
  foreign: [
    ['POST', 'https://bedrock-runtime.us-east-1.amazonaws.com/async-invoke'],
    ['POST', 'https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/f/invoke'],
  ],
  request: asked(messages.request),
  plain: messages.plain,
  stream: { ...streamed(stream), request: { ...(stream.request as object), anthropic_version: 'bedrock-2023-05-31' } },
  errors: {
    status: {
      status: 400,
      answer: { message: 'canary: Input is too long for requested model.', __type: 'ValidationException' },
      expected: { errorType: 'ValidationException', isContextOverflow: true },
    },
    body: messages.errors.body,
    event: streamed(given(messages.errors.event)),
  },
  tools: {
    offered: asked(tools.offered),
    called: tools.called,
    inPieces: streamed(tools.inPieces),
    results: {
      ...tools.results,
      request: asked({ request: tools.results.request, expected: {} }).request,
      asking: asked({ request: tools.results.asking, expected: {} }).request,
    },
  },
  content: { ...content, request: asked({ request: content.request, expected: {} }).request },
};
