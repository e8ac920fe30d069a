// A child that answers one message, or says that it was started without a channel.
if (process.argv[2] === 'plain') console.log('plain', process.execArgv.includes('--no-warnings'));
else
  process.once('message', (message) => {
    process.send({ answered: message }, () => process.disconnect());
  });
