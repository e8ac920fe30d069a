// A short worker of the soak's swarm: one call, then it ends.
fetch(`${process.env.SOAK_URL}/plain/v1/chat/completions`, { method: 'POST', body: '{"model":"gpt-4o","messages":[]}' }).then((response) =>
  response.text(),
);
