/** What `nvidia-smi -q -x` prints, in the form of each schema: the elements that are read, some that must not be taken for them, and their places. */

/** `tabs` is how the driver indents; what stands in a slice has the same names as what stands in the GPU. */
const document = (driver: string, gpus: readonly string[], schema = 12): string => `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v${schema}.dtd">
<nvidia_smi_log>
	<timestamp>Fri Aug  4 11:44:30 2023</timestamp>
	<driver_version>${driver}</driver_version>
	<cuda_version>12.2</cuda_version>
	<attached_gpus>${gpus.length}</attached_gpus>
${gpus.join('\n')}
</nvidia_smi_log>
`;

export interface PrintedProcess {
  readonly pid: number;
  readonly mib: number | string;
  readonly type?: string;
  readonly instances?: readonly [number, number];
}

const processes = (all: readonly PrintedProcess[]): string => `		<processes>
${all
  .map(
    ({ pid, mib, type = 'C', instances }) => `			<process_info>
				<gpu_instance_id>${instances?.[0] ?? 'N/A'}</gpu_instance_id>
				<compute_instance_id>${instances?.[1] ?? 'N/A'}</compute_instance_id>
				<pid>${pid}</pid>
				<type>${type}</type>
				<process_name>/opt/canary/bin/python3</process_name>
				<used_memory>${typeof mib === 'number' ? `${mib} MiB` : mib}</used_memory>
			</process_info>`,
  )
  .join('\n')}
		</processes>`;

export interface PrintedGpu {
  readonly id: string;
  readonly name?: string;
  readonly usedMib?: number | string;
  readonly totalMib?: number;
  readonly util?: string;
  readonly processes?: readonly PrintedProcess[];
}

/** A GPU of a data centre, R590, schema 13. */
function gpu13({
  id,
  name = 'NVIDIA H100 80GB HBM3',
  usedMib = 65_720,
  totalMib = 97_887,
  util = '37 %',
  processes: all = [],
}: PrintedGpu): string {
  const used = typeof usedMib === 'number' ? `${usedMib} MiB` : usedMib;
  return `	<gpu id="00000000:61:00.0">
		<product_name>${name}</product_name>
		<mig_mode>
			<current_mig>Disabled</current_mig>
			<pending_mig>Disabled</pending_mig>
		</mig_mode>
		<mig_devices>
			None
		</mig_devices>
		<uuid>${id}</uuid>
		<fb_memory_usage>
			<total>${totalMib} MiB</total>
			<reserved>637 MiB</reserved>
			<used>${used}</used>
			<free>31531 MiB</free>
		</fb_memory_usage>
		<bar1_memory_usage>
			<total>131072 MiB</total>
			<used>65721 MiB</used>
			<free>65351 MiB</free>
		</bar1_memory_usage>
		<utilization>
			<gpu_util>${util}</gpu_util>
			<memory_util>12 %</memory_util>
			<encoder_util>5 %</encoder_util>
			<decoder_util>0 %</decoder_util>
			<jpeg_util>0 %</jpeg_util>
		</utilization>
		<ecc_errors>
			<volatile>
				<sram_correctable>1</sram_correctable>
				<sram_uncorrectable_parity>0</sram_uncorrectable_parity>
				<sram_uncorrectable_secded>2</sram_uncorrectable_secded>
				<dram_correctable>3</dram_correctable>
				<dram_uncorrectable>0</dram_uncorrectable>
			</volatile>
			<aggregate>
				<sram_correctable>91</sram_correctable>
				<dram_uncorrectable>92</dram_uncorrectable>
			</aggregate>
		</ecc_errors>
		<temperature>
			<gpu_temp>61 C</gpu_temp>
			<gpu_temp_tlimit>26 C</gpu_temp_tlimit>
			<gpu_temp_slow_tlimit_threshold>-2 C</gpu_temp_slow_tlimit_threshold>
			<memory_temp>70 C</memory_temp>
		</temperature>
		<gpu_power_readings>
			<power_state>Requested functionality has been deprecated</power_state>
			<average_power_draw>303.97 W</average_power_draw>
			<instant_power_draw>310.50 W</instant_power_draw>
			<current_power_limit>700.00 W</current_power_limit>
		</gpu_power_readings>
		<module_power_readings>
			<average_power_draw>999.00 W</average_power_draw>
			<instant_power_draw>999.00 W</instant_power_draw>
		</module_power_readings>
		<supported_clocks>
			<supported_mem_clock>
				<value>14001 MHz</value>
				<supported_graphics_clock>3090 MHz</supported_graphics_clock>
			</supported_mem_clock>
		</supported_clocks>
${all.length === 0 ? '		<processes>\n		</processes>' : processes(all)}
	</gpu>`;
}

/** As many GPUs as are given. */
export const plain = (gpus: readonly PrintedGpu[]): string => document('590.44.01', gpus.map(gpu13), 13);

const slice = ({ index, gi, used, uuid = '' }: { index: number; gi: number; used: string; uuid?: string }): string => `			<mig_device>
				<index>${index}</index>
				<gpu_instance_id>${gi}</gpu_instance_id>
				<compute_instance_id>0</compute_instance_id>
${uuid === '' ? '' : `				<uuid>${uuid}</uuid>\n`}				<device_attributes>
					<shared>
						<multiprocessor_count>14</multiprocessor_count>
					</shared>
				</device_attributes>
				<ecc_error_count>
					<volatile_count>
						<sram_uncorrectable>4</sram_uncorrectable>
					</volatile_count>
				</ecc_error_count>
				<fb_memory_usage>
					<total>19968 MiB</total>
					<reserved>0 MiB</reserved>
					<used>${used}</used>
					<free>19955 MiB</free>
				</fb_memory_usage>
			</mig_device>`;

/** An A100 in two slices, R535, schema 12. Without `hasIds` the document does not name the slices, as older drivers. */
export const mig = (all: readonly PrintedProcess[] = [], hasIds = false): string =>
  document('535.54.03', [
    `	<gpu id="00000000:01:00.0">
		<product_name>NVIDIA A100-SXM4-80GB</product_name>
		<mig_mode>
			<current_mig>Enabled</current_mig>
			<pending_mig>Enabled</pending_mig>
		</mig_mode>
		<mig_devices>
${slice({ index: 0, gi: 3, used: '12 MiB', ...(hasIds ? { uuid: 'MIG-told-0' } : {}) })}
${slice({ index: 1, gi: 4, used: '9000 MiB', ...(hasIds ? { uuid: 'MIG-told-1' } : {}) })}
		</mig_devices>
		<uuid>GPU-513536b6</uuid>
		<fb_memory_usage>
			<total>81920 MiB</total>
			<reserved>869 MiB</reserved>
			<used>9050 MiB</used>
			<free>72000 MiB</free>
		</fb_memory_usage>
		<utilization>
			<gpu_util>N/A</gpu_util>
			<encoder_util>N/A</encoder_util>
			<decoder_util>N/A</decoder_util>
		</utilization>
		<ecc_errors>
			<volatile>
				<sram_correctable>0</sram_correctable>
				<sram_uncorrectable>0</sram_uncorrectable>
				<dram_correctable>0</dram_correctable>
				<dram_uncorrectable>0</dram_uncorrectable>
			</volatile>
		</ecc_errors>
		<temperature>
			<gpu_temp>27 C</gpu_temp>
			<memory_temp>44 C</memory_temp>
		</temperature>
		<gpu_power_readings>
			<power_state>P0</power_state>
			<power_draw>67.03 W</power_draw>
		</gpu_power_readings>
${processes(all)}
	</gpu>`,
  ]);

/** What `nvidia-smi -L` says of it. */
export const MIG_LIST = `GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-513536b6)
  MIG 1g.20gb     Device  0: (UUID: MIG-listed-0)
  MIG 1g.20gb     Device  1: (UUID: MIG-listed-1)
`;

/** A card before Turing, R470, schema 11: another place for power, another division of ECC. */
export const OLD = document(
  '470.82.01',
  [
    `	<gpu id="00000000:65:00.0">
		<product_name>Tesla P4</product_name>
		<mig_mode>
			<current_mig>N/A</current_mig>
		</mig_mode>
		<mig_devices>
			None
		</mig_devices>
		<uuid>GPU-old</uuid>
		<fb_memory_usage>
			<total>7611 MiB</total>
			<used>4 MiB</used>
		</fb_memory_usage>
		<utilization>
			<gpu_util>0 %</gpu_util>
		</utilization>
		<ecc_errors>
			<volatile>
				<single_bit>
					<device_memory>5</device_memory>
					<register_file>N/A</register_file>
					<total>5</total>
				</single_bit>
				<double_bit>
					<device_memory>1</device_memory>
					<total>1</total>
				</double_bit>
			</volatile>
		</ecc_errors>
		<power_readings>
			<power_state>P8</power_state>
			<power_draw>6.89 W</power_draw>
		</power_readings>
${processes([{ pid: 4_711, mib: 4 }])}
	</gpu>`,
  ],
  11,
);

/** Errors that stand on stdout instead of a document. */
export const ERRORS = [
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
  'No devices were found',
  'Unable to determine the device handle for GPU 0000:65:00.0: Unknown Error',
  'Failed to initialize NVML: Driver/library version mismatch',
] as const;
