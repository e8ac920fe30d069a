// A child over IPC: messages of both serialisations, a handle, disconnects by either side, and a child that would wait
// for ever.
const { fork } = require('node:child_process');
const { once } = require('node:events');

if (process.argv[2] === 'child') {
  process.on('message', (message) => process.send({ back: message, connected: process.connected }));
  process.on('disconnect', () => console.log('child: disconnected', process.connected));
} else {
  void (async () => {
    for (const serialization of ['json', 'advanced']) {
      const child = fork(__filename, ['child'], { serialization });
      child.send({ list: [1, 2], map: new Map([[1, 2]]) });
      const [message] = await once(child, 'message');
      console.log(serialization, message, child.spawnfile === process.execPath);
      child.disconnect();
      console.log(await once(child, 'exit'), child.connected, child.exitCode, child.signalCode);
    }
    const killed = fork(__filename, ['child'], { silent: true });
    await once(killed, 'spawn');
    killed.kill('SIGKILL');
    console.log(await once(killed, 'exit'), killed.killed);
  })();
}
