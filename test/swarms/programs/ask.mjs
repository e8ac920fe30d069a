// Asks OpenAI's API twice by fetch: NAME.
for (const what of ['plan', 'review']) {
  const answer = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: `worker ${process.argv[2]}: ${what}` }] }),
  });
  await answer.json();
}
