// What every SDK is asked for: the tool, its arguments, and the form of a structured answer.
export const TOOL = 'look_up';
export const parameters = { type: 'object', properties: { what: { type: 'string' } }, required: ['what'], additionalProperties: false };
export const schema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'], additionalProperties: false };
