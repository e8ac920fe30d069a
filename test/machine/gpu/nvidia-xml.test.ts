/** Output of nvidia-smi in all its schemas, good and bad, in any cut. */
import { describe, expect, test } from '@jest/globals';
import { documentReader, parseNvidia, parseSlices } from '../../../src/machine/gpu/nvidia-xml.ts';
import { queryArguments } from '../../../src/machine/gpu/nvidia.ts';
import { ERRORS, mig, MIG_LIST, OLD, plain } from './captures.ts';

const MIB = 1_048_576;
const none = new Map<string, string>();

test('a GPU is told with its memory, engines, power, temperatures, errors since the driver was loaded, and processes', () => {
  const document = parseNvidia(plain([{ id: 'GPU-a', processes: [{ pid: 71, mib: 1_024 }] }]), none);
  expect(document).toEqual({
    gpus: [
      {
        id: 'GPU-a',
        name: 'NVIDIA H100 80GB HBM3',
        vendor: 'nvidia',
        driverVersion: '590.44.01',
        usedBytes: 65_720 * MIB,
        totalBytes: 97_887 * MIB,
        utilization: 0.37,
        encoderUtilization: 0.05,
        decoderUtilization: 0,
        powerWatts: 310.5,
        celsius: 61,
        memoryCelsius: 70,
        correctedErrors: 4,
        uncorrectedErrors: 2,
        processes: [{ pid: 71, usedBytes: 1_024 * MIB }],
      },
    ],
    unnamed: [],
  });
});

test('eight GPUs are eight, each with its own', () => {
  const gpus = Array.from({ length: 8 }, (_, at) => ({ id: `GPU-${at}`, usedMib: at, processes: [{ pid: 100 + at, mib: at }] }));
  const found = parseNvidia(plain(gpus), none)?.gpus ?? [];
  expect(found.map(({ id, usedBytes, processes }) => [id, usedBytes, processes])).toEqual(
    gpus.map(({ id, usedMib, processes: [process] }) => [id, usedMib * MIB, [{ pid: process?.pid, usedBytes: usedMib * MIB }]]),
  );
});

test('a card before Turing, whose schema is another', () => {
  expect(parseNvidia(OLD, none)?.gpus).toMatchObject([
    {
      id: 'GPU-old',
      driverVersion: '470.82.01',
      powerWatts: 6.89,
      correctedErrors: 5,
      uncorrectedErrors: 1,
      encoderUtilization: undefined,
    },
  ]);
});

test.each([
  'N/A',
  '[N/A]',
  '[Not Supported]',
  'Unknown Error',
  '[Insufficient Permissions]',
  'Requested functionality has been deprecated',
  '',
])('%p is absent, never 0', (text) => {
  const [gpu] = parseNvidia(plain([{ id: 'GPU-a', usedMib: text, util: text, processes: [{ pid: 71, mib: text }] }]), none)?.gpus ?? [];
  expect(gpu).toMatchObject({ usedBytes: undefined, utilization: undefined, totalBytes: 97_887 * MIB, processes: [] });
});

test('numbers of a locale that writes a comma are read', () => {
  expect(parseNvidia(plain([{ id: 'GPU-a' }]).replace('310.50 W', '310,50 W'), none)?.gpus).toMatchObject([{ powerWatts: 310.5 }]);
});

test('a share above one is not believed', () => {
  const utilOf = (util: string): unknown => parseNvidia(plain([{ id: 'GPU-a', util }]), none)?.gpus[0]?.utilization;
  expect([utilOf('100 %'), utilOf('101 %'), utilOf('-1 %')]).toEqual([1, undefined, undefined]);
});

test('a process that computes and draws is listed twice and counted once', () => {
  const twice = [
    { pid: 71, mib: 10, type: 'C' },
    { pid: 71, mib: 12, type: 'G' },
    { pid: 0, mib: 5 },
  ];
  expect(parseNvidia(plain([{ id: 'GPU-a', processes: twice }]), none)?.gpus[0]?.processes).toEqual([{ pid: 71, usedBytes: 12 * MIB }]);
});

describe('MIG', () => {
  const running = [
    { pid: 71, mib: 8_000, instances: [4, 0] as const },
    { pid: 72, mib: 5, instances: [3, 0] as const },
  ];

  test('slices stand under their GPU, with their own memory, errors and processes', () => {
    const [gpu, first, second] = parseNvidia(mig(running, true), none)?.gpus ?? [];
    expect(gpu).toMatchObject({ id: 'GPU-513536b6', usedBytes: 9_050 * MIB, uncorrectedErrors: 0, utilization: undefined, processes: [] });
    expect(first).toMatchObject({
      id: 'MIG-told-0',
      parent: 'GPU-513536b6',
      usedBytes: 12 * MIB,
      processes: [{ pid: 72, usedBytes: 5 * MIB }],
    });
    expect(second).toMatchObject({ id: 'MIG-told-1', totalBytes: 19_968 * MIB, uncorrectedErrors: 4, processes: [{ pid: 71 }] });
  });

  test('a driver that names no slice is asked for its list', () => {
    const before = parseNvidia(mig(running), none);
    expect(before?.gpus.map(({ id }) => id)).toEqual(['GPU-513536b6']);
    expect(before?.unnamed).toEqual([
      { gpu: 'GPU-513536b6', index: 0, instances: '3/0' },
      { gpu: 'GPU-513536b6', index: 1, instances: '4/0' },
    ]);
    const after = parseNvidia(mig(running), parseSlices(MIG_LIST));
    expect(after?.gpus.map(({ id }) => id)).toEqual(['GPU-513536b6', 'MIG-listed-0', 'MIG-listed-1']);
    expect(after?.unnamed).toEqual([]);
  });
});

test.each([...ERRORS, '', '<nvidia_smi_log>', '<html></html>'])('%p is no document', (text) => {
  expect(parseNvidia(text, none)).toBeUndefined();
});

describe('a stream of output', () => {
  const read = (chunks: readonly string[]): { ids: string[]; bad: number } => {
    const ids: string[] = [];
    let bad = 0;
    const take = documentReader(
      (text) => ids.push(...(parseNvidia(text, none)?.gpus ?? []).map(({ id }) => id)),
      () => bad++,
    );
    chunks.forEach(take);
    return { ids, bad };
  };

  test('gives the same documents wherever it is cut', () => {
    const output = `${ERRORS[2]}\n${plain([{ id: 'GPU-a' }])}${ERRORS[1]}\n\n${plain([{ id: 'GPU-b' }]).replaceAll('\n', '\r\n')}`;
    const whole = read([output]);
    expect(whole).toEqual({ ids: ['GPU-a', 'GPU-b'], bad: 2 });
    for (let at = 1; at < output.length; at += 41) expect(read([output.slice(0, at), output.slice(at)])).toEqual(whole);
    expect(read([...output])).toEqual(whole);
  });

  test('a document without its end is not read, a line of nonsense is counted', () => {
    expect(read([`${ERRORS[0]}\n${plain([{ id: 'GPU-a' }]).slice(0, -5)}`])).toEqual({ ids: [], bad: 1 });
  });

  test('output without an end is not kept, and what comes after it is read', () => {
    const endless = ['<a>', ...Array.from({ length: 100 }, () => 'x'.repeat(100_000))];
    expect(read([...endless, '</nvidia_smi_log>', plain([{ id: 'GPU-a' }])])).toEqual({ ids: ['GPU-a'], bad: 1 });
    expect(read([...Array.from({ length: 100 }, () => 'x'.repeat(10_000)), '\n', plain([{ id: 'GPU-a' }])])).toEqual({
      ids: ['GPU-a'],
      bad: 1,
    });
  });
});

test('the interval reaches the command line', () => {
  expect(queryArguments(2_000)).toEqual(['-q', '-x', '-lms', '2000']);
});
