/** AMD: trees of files as the kernel makes them, and what rocm-smi prints. */
import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { parseRocm, readAmd, readRocm } from '../../../src/machine/gpu/amd.ts';
import { fakeTool } from './fake-smi.ts';
import { sysTree } from './sys-tree.ts';

const GIB = 1_073_741_824;

const MI = 'devices/pci0000:00/0000:03:00.0';
const card = {
  [`${MI}/vendor`]: '0x1002',
  [`${MI}/device`]: '0x74a1',
  [`${MI}/mem_info_vram_total`]: String(192 * GIB),
  [`${MI}/mem_info_vram_used`]: String(10 * GIB),
  [`${MI}/gpu_busy_percent`]: '41',
  [`${MI}/unique_id`]: '0a1b2c3d4e5f6071',
  [`${MI}/product_name`]: 'AMD Instinct MI300X',
  [`${MI}/ras/umc_err_count`]: 'ue: 1\nce: 7',
  [`${MI}/hwmon/hwmon3/power1_average`]: '133000000',
  [`${MI}/hwmon/hwmon3/temp1_input`]: '35000',
  [`${MI}/hwmon/hwmon3/temp1_label`]: 'edge',
  [`${MI}/hwmon/hwmon3/temp3_input`]: '44000',
  [`${MI}/hwmon/hwmon3/temp3_label`]: 'mem',
  'module/amdgpu/version': '6.8.5',
  'class/kfd/kfd/topology/nodes/0/gpu_id': '0',
  'class/kfd/kfd/topology/nodes/1/gpu_id': '51432',
  'class/kfd/kfd/topology/nodes/1/properties': 'cpu_cores_count 0\nlocation_id 768\ndomain 0\nunique_id 727905341920923785',
  'class/kfd/kfd/proc/4711/vram_51432': String(3 * GIB),
  'class/kfd/kfd/proc/4712/vram_51432': '0',
};
const links = { 'class/drm/card0/device': MI, 'class/drm/card1/device': 'devices/pci0000:00/0000:00:02.0' };

test('a card is told by the files of amdgpu, and its processes by those of kfd', async () => {
  const sys = sysTree({ ...card, 'devices/pci0000:00/0000:00:02.0/vendor': '0x8086', 'class/drm/version': 'drm 1.1.0' }, links);
  expect(await readAmd(sys)).toEqual([
    {
      id: 'GPU-0a1b2c3d4e5f6071',
      name: 'AMD Instinct MI300X',
      vendor: 'amd',
      driverVersion: '6.8.5',
      totalBytes: 192 * GIB,
      usedBytes: 10 * GIB,
      utilization: 0.41,
      powerWatts: 133,
      celsius: 35,
      memoryCelsius: 44,
      uncorrectedErrors: 1,
      correctedErrors: 7,
      processes: [{ pid: 4_711, usedBytes: 3 * GIB }],
    },
  ]);
});

test('what a card does not tell is absent, and without an id its place on the bus is its name', async () => {
  const bare = Object.fromEntries(Object.entries(card).filter(([path]) => /vendor|mem_info_vram_total/.test(path)));
  const sys = sysTree({ ...bare, [`${MI}/gpu_busy_percent`]: 'busy', [`${MI}/mem_info_vram_used`]: '-1' }, links);
  expect(await readAmd(sys)).toMatchObject([
    { id: '0000:03:00.0', usedBytes: undefined, utilization: undefined, powerWatts: undefined, celsius: undefined, processes: [] },
  ]);
});

test('without such a card there is none', async () => {
  expect(await readAmd(sysTree({}))).toEqual([]);
});

const ROCM = `
WARNING: AMD GPU device(s) is/are in a low-power state. Check power control/runtime_status

{"card0": {"Unique ID": "0xa1b2", "Temperature (Sensor edge) (C)": "35.0", "Temperature (Sensor memory) (C)": "40,5", "Average Graphics Package Power (W)": "9.0", "GPU use (%)": "3", "VRAM Total Memory (B)": "17163091968", "VRAM Total Used Memory (B)": "1048576", "Card Series": "Radeon RX 7900"}, "system": {"Driver version": "6.7.0"}}
`;

test('rocm-smi tells the card, behind its warnings, and the processes where there is one card alone', () => {
  expect(parseRocm(ROCM, '{"system": {"PID4711": "python3, 1, 1048576, 0, 0", "PID9": "x, 0, 0, 0, 0"}}')).toEqual([
    {
      id: 'GPU-a1b2',
      name: 'Radeon RX 7900',
      vendor: 'amd',
      driverVersion: '6.7.0',
      totalBytes: 17_163_091_968,
      usedBytes: 1_048_576,
      utilization: 0.03,
      powerWatts: 9,
      celsius: 35,
      memoryCelsius: 40.5,
      processes: [{ pid: 4_711, usedBytes: 1_048_576 }],
    },
  ]);
  const two = ROCM.replace('{"card0"', '{"card1": {"GPU use (%)": "N/A"}, "card0"');
  expect(parseRocm(two, '{"system": {"PID4711": "python3, 2, 1048576, 0, 0"}}')).toMatchObject([
    { id: 'card1', processes: [] },
    { processes: [] },
  ]);
});

test.each(['', 'ERROR: GPU[0] : Unable to load library', '[1]', '{'])('%p of rocm-smi is no reading', (text) => {
  expect(parseRocm(text, '')).toBeUndefined();
});

test('a rocm-smi that hangs is ended at the deadline, one that fails or is missing tells nothing', async () => {
  const withPath = (path: string) => (file: string, args: readonly string[], options: object) =>
    spawn(file, args, { ...options, env: { PATH: path } });
  const path = process.env['PATH'] ?? '';
  expect(await readRocm(withPath(`${fakeTool('rocm-smi', 'hangs', ROCM).folder}:${path}`), 300)).toBeUndefined();
  expect(await readRocm(withPath(`${fakeTool('rocm-smi', 'fails', ROCM).folder}:${path}`), 60_000)).toBeUndefined();
  expect(await readRocm(withPath('/nowhere'), 60_000)).toBeUndefined();
  expect(await readRocm(withPath(`${fakeTool('rocm-smi', 'ends', ROCM).folder}:${path}`), 60_000)).toMatchObject([{ id: 'GPU-a1b2' }]);
});
