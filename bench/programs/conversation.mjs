// What the programs of the bench send to models.
export const messages = [{ role: 'user', content: 'How do swarms of agents divide their work? '.repeat(20) }];

/** Some 200 KB: what an agent sends after it has read 20 files. */
export const history = [
  ...messages,
  ...Array.from({ length: 20 }, (_, index) => [
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: `call_${index}`, type: 'function', function: { name: 'read_file', arguments: `{"index":${index}}` } }],
    },
    { role: 'tool', tool_call_id: `call_${index}`, content: `file ${index}: ${'const x = "1";\n'.repeat(640)}` },
  ]).flat(),
];

/** The requests of an agent that has read 20 files, and reads twenty more short ones, one after the other. */
export const growing = Array.from({ length: 20 }, (_, turns) => [
  ...history,
  ...Array.from({ length: turns }, (_each, index) => [
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: `more_${index}`, type: 'function', function: { name: 'read_file', arguments: `{"index":${index}}` } }],
    },
    { role: 'tool', tool_call_id: `more_${index}`, content: `file ${index}: ${'const x = "1";\n'.repeat(40)}` },
  ]).flat(),
]);
