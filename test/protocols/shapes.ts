/**
 * What the JSON schemas of the GenAI conventions (model/gen-ai/*.json of semantic-conventions-genai) ask of messages,
 * parts, instructions and definitions. A part of a type that they know has to be of its shape, and no generic one.
 */
type Kind = 'text' | 'any';

const PARTS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  text: { content: 'text' },
  reasoning: { content: 'text' },
  tool_call: { name: 'text' },
  tool_call_response: { response: 'any' },
  server_tool_call: { name: 'text', server_tool_call: 'any' },
  server_tool_call_response: { server_tool_call_response: 'any' },
  blob: { modality: 'text', content: 'text' },
  file: { modality: 'text', file_id: 'text' },
  uri: { modality: 'text', uri: 'text' },
};

/** A line for each fault. */
export function misshapen(name: string, value: unknown): string[] {
  if (!Array.isArray(value)) return [`${name} is no list`];
  return value.flatMap((item, at) => {
    const where = `${name}[${at}]`;
    const holder = (item ?? {}) as Readonly<Record<string, unknown>>;
    if (name === 'gen_ai.system_instructions') return partFaults(where, holder);
    if (name === 'gen_ai.tool.definitions') return missing(where, holder, { type: 'text', name: 'text' });
    const { parts } = holder;
    if (!Array.isArray(parts)) return [`${where} has no parts`];
    return [
      ...missing(where, holder, { role: 'text' }),
      ...parts.flatMap((part, index) => partFaults(`${where}.parts[${index}]`, (part ?? {}) as Readonly<Record<string, unknown>>)),
    ];
  });
}

function partFaults(where: string, part: Readonly<Record<string, unknown>>): string[] {
  const { type } = part;
  const known = typeof type === 'string' && Object.hasOwn(PARTS, type) ? PARTS[type] : undefined;
  const inner =
    type === 'server_tool_call' ? missing(`${where}.server_tool_call`, (part[type] ?? {}) as typeof part, { type: 'text' }) : [];
  return [...missing(where, part, { type: 'text', ...known }), ...inner];
}

function missing(where: string, holder: Readonly<Record<string, unknown>>, members: Readonly<Record<string, Kind>>): string[] {
  return Object.entries(members)
    .filter(([name, kind]) => (kind === 'text' ? typeof holder[name] !== 'string' : holder[name] === undefined))
    .map(([name]) => `${where} has no ${name}`);
}
