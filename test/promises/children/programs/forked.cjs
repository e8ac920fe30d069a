// Answers one message and goes.
process.on('message', (message) => {
  console.log(message, process.execArgv, process.argv.slice(2), process.env.OWN);
  process.send(message);
  process.disconnect();
});
