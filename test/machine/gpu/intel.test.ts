/** Intel: files of i915 for cards with memory of their own, and what xpu-smi prints. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { intelReader, xpuReading } from '../../../src/machine/gpu/intel.ts';
import { sysTree } from './sys-tree.ts';

const CARD = 'devices/pci0000:00/0000:4d:00.0';
const links = { 'class/drm/card0/device': CARD, 'class/drm/card1/device': 'devices/pci0000:00/0000:00:02.0' };

test('a card is told by its files; its power is the energy since the look before', async () => {
  const energy = `${CARD}/hwmon/hwmon1/energy1_input`;
  const sys = sysTree(
    {
      [`${CARD}/vendor`]: '0x8086',
      [`${CARD}/device`]: '0x56c0',
      [energy]: '5000000',
      [`${CARD}/hwmon/hwmon1/temp1_input`]: '48000',
      [`${CARD}/hwmon/hwmon1/temp1_label`]: 'pkg',
      'class/drm/card0/lmem_total_bytes': '16000',
      'class/drm/card0/lmem_avail_bytes': '12000',
      // One that shares the memory of the machine.
      'devices/pci0000:00/0000:00:02.0/vendor': '0x8086',
    },
    links,
  );
  let nowMs = 0;
  const read = intelReader(sys, () => nowMs);
  const card = { id: '0000:4d:00.0', name: 'Intel 0x56c0', totalBytes: 16_000, usedBytes: 4_000, celsius: 48 };
  expect(await read()).toMatchObject([{ ...card, powerWatts: undefined }]);
  nowMs = 2_000;
  writeFileSync(join(sys, energy), '305000000\n');
  expect(await read()).toMatchObject([{ ...card, powerWatts: 150 }]);
  // The counter has begun anew.
  nowMs = 4_000;
  writeFileSync(join(sys, energy), '1000000\n');
  expect(await read()).toMatchObject([{ ...card, powerWatts: undefined }]);
});

test('xpu-smi tells of the device, or of its tiles', () => {
  const device = {
    device_id: 0,
    device_name: 'Intel(R) Data Center GPU Max 1550',
    uuid: '01000000-0000-0000-0000-0000004b0000',
    memory_physical_size_byte: '64000',
  };
  const value = (type: string, of: number) => ({ metrics_type: `XPUM_STATS_${type}`, value: of });
  const tile = (id: number) => ({ tile_id: id, data_list: [value('MEMORY_USED', 60 + id), value('GPU_CORE_TEMPERATURE', 28 + id)] });
  const stats = { device_id: 0, device_level: [value('POWER', 300.5), value('GPU_UTILIZATION', 12)], tile_level: [tile(0), tile(1)] };
  expect(xpuReading(device, stats, [{ pid: 7, usedBytes: 1_000 }])).toEqual({
    id: '01000000-0000-0000-0000-0000004b0000',
    name: 'Intel(R) Data Center GPU Max 1550',
    vendor: 'intel',
    driverVersion: undefined,
    totalBytes: 64_000,
    usedBytes: 121 * 1_048_576,
    utilization: 0.12,
    powerWatts: 300.5,
    celsius: 29,
    memoryCelsius: undefined,
    processes: [{ pid: 7, usedBytes: 1_000 }],
  });
  expect(xpuReading({ device_id: 1 }, undefined, [])).toMatchObject({ id: 'intel-1', usedBytes: undefined, totalBytes: undefined });
});
