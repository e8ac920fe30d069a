/** What the models say: the plan, and for each task the turns of its conversation. The same in every run. */

const openai = { vendor: 'openai', model: 'gpt-5.4-mini' };
const anthropic = { vendor: 'anthropic', model: 'claude-sonnet-5' };

function task(kind, id, models, goal) {
  return { id, kind, goal, ...models };
}

/** The planner's answer: three supersteps, each waits for the one before, and who mends a conflict. */
export const plan = {
  supersteps: [
    [
      task('implement', 'cart', openai, 'A cart that adds, removes and counts items.'),
      task('implement', 'stock', openai, 'Reservations that never sell the same item twice.'),
      task('implement', 'prices', openai, 'Prices in cents, rounded the usual way.'),
      task('implement', 'discounts', anthropic, 'Discounts in percent that never go below zero.'),
      task('implement', 'catalog', anthropic, 'A catalog that finds items by name.'),
      task('implement', 'shipping', anthropic, 'Shipping costs by weight.'),
    ],
    [
      task('implement', 'checkout', anthropic, 'A checkout over cart, prices and shipping.'),
      task('implement', 'search', openai, 'A search over the catalog that forgives case.'),
      task('document', 'handbook', anthropic, 'A handbook page that lists every module.'),
      task('implement', 'receipts', openai, 'Receipts as text, one line an item.'),
    ],
    [
      task('review', 'money', anthropic, 'Look at prices, discounts and their tests.'),
      task('review', 'flow', openai, 'Look at cart and shipping.'),
      task('review', 'goods', openai, 'Look at stock and catalog.'),
    ],
  ],
  resolver: task('resolve', 'conflict', anthropic, 'Two branches changed src/money.mjs; keep what both need.'),
};

const closing = 'I changed nothing else, all the tests are green, and there is nothing left to do from my side.';

/** The project before the swarm. */
export const firstFiles = {
  'package.json': `${JSON.stringify({ name: 'shop', private: true, type: 'module' }, null, 2)}\n`,
  'src/money.mjs': '/** How amounts are rounded. */\nexport const round = (amount) => Math.round(amount);\n',
  'test/money.test.mjs': testOf('round', '../src/money.mjs', 'round(1.004)', '1'),
};

/** Product sheets: a repository of some size, so that git has something to do. */
export const sheets = Object.fromEntries(
  Array.from({ length: 250 }, (_, index) => [
    `sheets/${index % 40}/${index}.txt`,
    `Product ${index}\nWeight ${(index % 17) / 10} kg\nCents ${(index * 37) % 5_000}\n`,
  ]),
);

const modules = {
  cart: [
    'createCart',
    'export function createCart() {\n  const items = new Map();\n  return {\n    add: (name, count = 1) => items.set(name, (items.get(name) ?? 0) + count),\n    remove: (name) => items.delete(name),\n    count: () => [...items.values()].reduce((sum, count) => sum + count, 0),\n    items: () => [...items],\n  };\n}\n',
    'createCart().count()',
    '0',
  ],
  stock: [
    'reserve',
    'const left = new Map([["pen", 3], ["book", 1]]);\n\n/** Takes items from the shelf; false when there are not enough. */\nexport function reserve(name, count) {\n  const have = left.get(name) ?? 0;\n  if (have < count) return false;\n  left.set(name, have - count);\n  return true;\n}\n',
    'reserve("book", 2)',
    'false',
  ],
  prices: [
    'priceOf',
    'import { round } from "./money.mjs";\n\nconst cents = { pen: 120, book: 1_999 };\n\nexport const priceOf = (name) => round((cents[name] ?? 0) / 100);\n',
    'priceOf("pen")',
    '1.2',
  ],
  discounts: [
    'discounted',
    'import { round } from "./money.mjs";\n\nexport const discounted = (amount, percent) => round(Math.max(0, amount * (1 - percent / 100)));\n',
    'discounted(10, 200)',
    '0',
  ],
  catalog: [
    'find',
    'const names = ["pen", "book", "lamp"];\n\nexport const find = (text) => names.filter((name) => name.includes(text));\n',
    'find("oo").length',
    '1',
  ],
  shipping: [
    'shipping',
    'const steps = [[1, 3.9], [5, 6.9], [20, 12.9]];\n\nexport const shipping = (kilograms) => steps.find(([upTo]) => kilograms <= upTo)?.[1];\n',
    'shipping(4)',
    '6.9',
  ],
  checkout: [
    'total',
    'import { priceOf } from "./prices.mjs";\nimport { shipping } from "./shipping.mjs";\n\nexport const total = (cart, kilograms) => cart.items().reduce((sum, [name, count]) => sum + count * priceOf(name), shipping(kilograms));\n',
    'total({ items: () => [] }, 1)',
    '3.9',
  ],
  receipts: [
    'receipt',
    'export const receipt = (items) => items.map(([name, count]) => `${count} x ${name}`).join("\\n");\n',
    'receipt([["pen", 2]])',
    '"2 x pen"',
  ],
  search: [
    'search',
    'import { find } from "./catalog.mjs";\n\nexport const search = (text) => find(text.toLowerCase());\n',
    'search("PEN").length',
    '1',
  ],
};

/** Both branches change the same line: that is the conflict. */
const rounding = {
  prices: '/** How amounts are rounded. */\nexport const round = (amount) => Math.round(amount * 100) / 100;\n',
  discounts: '/** How amounts are rounded. */\nexport const round = (amount) => Number(amount.toFixed(2));\n',
  resolved:
    '/** How amounts are rounded: to cents, halves up. */\nexport const round = (amount) => Math.round((amount + Number.EPSILON) * 100) / 100;\n',
};

/** Seconds for which the provider sends a task away, once: nobody waits for the first, all reviews wait for the second. */
const refusals = { discounts: 1, receipts: 5 };

/** A reserve that fails its test at first: what makes the straggler straggle. */
const tooGenerous = modules.stock[1].replace('have < count', 'have < 0');

/** The turns of a task's conversation: tool calls, text, and the pace where it is not the usual one. */
export function turnsOf(id) {
  return special[id] ?? implementing(id);
}

function implementing(id) {
  const [name, code, call, expected] = modules[id];
  const writes = [
    ['write_file', { path: `src/${id}.mjs`, content: code }],
    ['write_file', { path: `test/${id}.test.mjs`, content: testOf(name, `../src/${id}.mjs`, call, expected) }],
  ];
  if (id in rounding) writes.push(['write_file', { path: 'src/money.mjs', content: rounding[id] }]);
  return [
    {
      text: `I look at the project before I write ${id}.`,
      calls: [
        ['list_files', {}],
        ['read_file', { path: 'src/money.mjs' }],
      ],
    },
    { text: thinking(id), calls: writes, retryAfter: refusals[id] },
    { calls: [['run_tests', { path: `test/${id}.test.mjs` }]] },
    { text: `The module ${id} exports ${name} and its test passes. ${closing}` },
  ];
}

const special = {
  stock: [
    {
      text: 'I look at the project first.',
      calls: [
        ['list_files', {}],
        ['read_file', { path: 'src/money.mjs' }],
      ],
      firstMs: 900,
    },
    {
      text: `${thinking('stock')} ${thinking('reservations')}`,
      calls: [
        ['write_file', { path: 'src/stock.mjs', content: tooGenerous }],
        ['write_file', { path: 'test/stock.test.mjs', content: testOf('reserve', '../src/stock.mjs', 'reserve("book", 2)', 'false') }],
      ],
      firstMs: 1_200,
      chunksPerSecond: 12,
      retryAfter: 1,
    },
    { calls: [['run_tests', { path: 'test/stock.test.mjs' }]], firstMs: 900 },
    {
      text: `The test fails: nothing keeps the shelf from going below zero. ${thinking('the shelf')}`,
      calls: [['read_file', { path: 'src/stock.mjs' }]],
      firstMs: 1_200,
      chunksPerSecond: 12,
    },
    {
      text: thinking('the mended shelf'),
      calls: [['write_file', { path: 'src/stock.mjs', content: modules.stock[1] }]],
      firstMs: 1_200,
      chunksPerSecond: 12,
    },
    { calls: [['run_tests', { path: 'test/stock.test.mjs' }]], firstMs: 900 },
    { text: `Now nothing is sold twice. ${closing}`, firstMs: 900 },
  ],
  handbook: [
    { text: 'I list the modules.', calls: [['list_files', {}]] },
    {
      text: thinking('the handbook'),
      calls: [
        [
          'write_file',
          {
            path: 'HANDBOOK.md',
            content: `# Shop\n\n${Object.keys(modules)
              .map((name) => `- **${name}** in src/${name}.mjs`)
              .join('\n')}\n`,
          },
        ],
      ],
    },
    { text: `The handbook has a line for each module. ${closing}` },
  ],
  conflict: [
    {
      text: 'I read what both sides want.',
      calls: [
        ['read_file', { path: 'src/money.mjs' }],
        ['read_file', { path: 'src/discounts.mjs' }],
      ],
    },
    { text: thinking('rounding'), calls: [['write_file', { path: 'src/money.mjs', content: rounding.resolved }]] },
    { calls: [['run_tests', {}]] },
    { text: `Both modules round to cents now. ${closing}` },
  ],
  money: reviewing('money', ['src/prices.mjs', 'src/discounts.mjs', 'src/money.mjs'], 'test/discounts.test.mjs'),
  flow: reviewing('flow', ['src/cart.mjs', 'src/shipping.mjs'], 'test/shipping.test.mjs'),
  goods: reviewing('goods', ['src/stock.mjs', 'src/catalog.mjs'], 'test/stock.test.mjs'),
};

function reviewing(id, paths, tests) {
  return [
    { calls: [...paths.map((path) => ['read_file', { path }]), ['run_tests', { path: tests }]] },
    {
      text: thinking(`the review of ${id}`),
      calls: [
        [
          'write_file',
          { path: `reviews/${id}.md`, content: `# Review of ${id}\n\nRead ${paths.join(', ')}. All tests pass, nothing to change.\n` },
        ],
      ],
    },
    { text: `The review of ${id} is written. ${closing}` },
  ];
}

function thinking(about) {
  return (
    `Let me think about ${about}. The smallest thing that works is one file with plain functions and one test beside it. ` +
    'I keep the names of the project, take no dependency, and write down what the limits are, so that whoever comes next can see them. ' +
    'Then I run the tests, since an untested change is a guess.'
  );
}

function testOf(name, path, call, expected) {
  return [
    'import assert from "node:assert/strict";',
    'import { test } from "node:test";',
    'import { setTimeout } from "node:timers/promises";',
    `import { ${name} } from "${path}";`,
    '',
    `test("${name} works", () => {\n  assert.equal(${call}, ${expected});\n});`,
    '',
    `test("${name} works a while later", async () => {\n  await setTimeout(200);\n  assert.equal(${call}, ${expected});\n});`,
    '',
  ].join('\n');
}
