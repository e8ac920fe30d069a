// vm contexts, scripts and functions, with their own globals and limits.
const vm = require('node:vm');
const context = vm.createContext({ shown: [] });
vm.runInContext('var a = 1; shown.push(typeof process, typeof globalThis.Array, Object.getOwnPropertySymbols(globalThis).length)', context);
console.log(context.shown, Object.keys(context));
console.log(vm.runInNewContext('Object.getOwnPropertyNames(globalThis).length') > 50, vm.isContext(context));
try {
  vm.runInContext('for (;;);', context, { timeout: 50 });
} catch ({ code, message }) {
  console.log(code, message);
}
console.log(vm.compileFunction('return a + b', ['a', 'b'])(1, 2), new vm.Script('1 + 1', { filename: 'mine.js' }).runInThisContext());
console.log(
  Object.getOwnPropertyNames(globalThis).length,
  Object.keys(globalThis).join(),
  Object.getOwnPropertySymbols(globalThis)
    .map(String)
    .filter((name) => !name.includes('swarmscope')),
);
