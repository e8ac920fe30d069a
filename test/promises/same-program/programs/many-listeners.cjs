// As many listeners as Node bears without a word, or one more: it says so once, with the app's own number.
const many = Number(process.argv[2]);
process.on('warning', ({ name, message }) => console.log(name, message));
setTimeout(() => {
  for (const event of ['exit', 'beforeExit'])
    for (let index = 0; index < many; index++) process.on(event, () => index === 0 && console.log(event));
}, 5);
