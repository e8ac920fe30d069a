/** Output of nvidia-smi, good and bad, in any cut. */
import { describe, expect, test } from '@jest/globals';
import { gpuLineReader, parseGpuLine, queryArguments, type GpuReading } from '../../src/machine/nvidia-smi.ts';

const H100 = '0, GPU-4b1f2c3d-0000-1111-2222-333344445555, NVIDIA H100 80GB HBM3, 550.54.15, 1024, 81559, 37';

test('one line is one GPU, in bytes and shares', () => {
  expect(parseGpuLine(H100)).toEqual({
    index: 0,
    uuid: 'GPU-4b1f2c3d-0000-1111-2222-333344445555',
    name: 'NVIDIA H100 80GB HBM3',
    driverVersion: '550.54.15',
    usedBytes: 1_073_741_824,
    totalBytes: 81_559 * 1_048_576,
    utilization: 0.37,
  });
});

test.each(['[N/A]', '[Not Supported]', '[Unknown Error]', '[Insufficient Permissions]', 'N/A', ''])('%p is absent, never 0', (text) => {
  const reading = parseGpuLine(`1, GPU-a, NVIDIA A100, 550.54.15, ${text}, ${text}, ${text}`);
  expect(reading).toMatchObject({ usedBytes: undefined, totalBytes: undefined, utilization: undefined });
});

test('under MIG the memory is known and the utilisation is not', () => {
  expect(parseGpuLine('0, GPU-a, NVIDIA A100-SXM4-40GB MIG 1g.5gb, 550.54.15, 12, 4864, [N/A]')).toMatchObject({
    usedBytes: 12 * 1_048_576,
    utilization: undefined,
  });
});

test.each([
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
  'No devices were found',
  'Unable to determine the device handle for GPU 0000:65:00.0: Unknown Error',
  'Field "utilization.gpu" is not a valid field to query.',
  '0, GPU-a, NVIDIA H100, 550.54.15, 1024',
  ', , , , , , ',
])('%p is no reading', (line) => {
  expect(parseGpuLine(line)).toBeUndefined();
});

test('a share above one is not believed, and a comma in the name does no harm', () => {
  expect(parseGpuLine('0, GPU-a, Tesla, special, 550.54.15, 1, 2, 101')).toMatchObject({
    name: 'Tesla, special',
    usedBytes: 1_048_576,
    utilization: undefined,
  });
  expect(parseGpuLine('0, GPU-a, Tesla, 550.54.15, 1, 2, 100')).toMatchObject({ utilization: 1 });
});

describe('a stream of output', () => {
  const read = (chunks: string[]): { readings: GpuReading[]; bad: number } => {
    const readings: GpuReading[] = [];
    let bad = 0;
    const take = gpuLineReader(
      (reading) => readings.push(reading),
      () => bad++,
    );
    chunks.forEach(take);
    return { readings, bad };
  };

  test('gives the same readings wherever it is cut', () => {
    const output = `${H100}\r\n${H100.replace('0, GPU', '1, GPU')}\n`;
    const whole = read([output]);
    expect(whole.readings.map(({ index }) => index)).toEqual([0, 1]);
    for (let at = 1; at < output.length; at++) expect(read([output.slice(0, at), output.slice(at)])).toEqual(whole);
  });

  test('a last line without its end is not read, a line of nonsense is counted', () => {
    expect(read([`No devices were found\n${H100}`])).toEqual({ readings: [], bad: 1 });
  });

  test('output without lines is not kept', () => {
    expect(read([...Array.from({ length: 100 }, () => 'x'.repeat(10_000)), '\n', `${H100}\n`])).toMatchObject({
      bad: 1,
      readings: [{ index: 0 }],
    });
  });
});

test('the interval reaches the command line', () => {
  expect(queryArguments(2_000).slice(-2)).toEqual(['-lms', '2000']);
});
