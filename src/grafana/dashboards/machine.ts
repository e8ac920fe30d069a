/** The board of the machine: its GPUs, its processors and memory, and the event loop of the process that leads the run. */
import * as names from '../../semconv/index.ts';
import { percentThresholds, stat, timeseries, type Board } from '../panel.ts';
import { onDashboard, queries } from '../query.ts';
import { common } from './variables.ts';

const q = queries(onDashboard);
const gpu = [names.ATTR_HW_ID, names.ATTR_HW_NAME];
const gpuLegend = '{{hw_id}} {{hw_name}}';
const needsGpu = 'a GPU';
const holder = [names.ATTR_SWARMSCOPE_WORKER_ID, names.ATTR_SWARMSCOPE_TASK_TYPE, names.ATTR_GEN_AI_AGENT_NAME, names.ATTR_PROCESS_EXECUTABLE_NAME];
const server = [names.ATTR_SWARMSCOPE_MODEL_SERVER_NAME, names.ATTR_SERVER_ADDRESS, names.ATTR_SERVER_PORT];
const serverLegend = '{{swarmscope_model_server_name}} {{server_address}}:{{server_port}}';
const needsServer = 'a model server on this machine';
const idle = { [names.ATTR_CPU_MODE]: { not: 'idle' } };

export const machine: Board = {
  uid: 'swarmscope-machine',
  title: 'GPU and host',
  description: 'What the machine bears: memory of the GPUs, processor and memory of the host, the event loop of the root.',
  variables: common,
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Fullest GPU memory',
          description:
            'Near 100 % the next allocation fails. Servers that reserve all of it at start (vLLM) stand at 90 to 95 % by design.',
          unit: 'percentunit',
          max: 1,
          thresholds: percentThresholds,
          noValue: 'no GPU',
          needs: needsGpu,
          queries: [{ expr: q.max(names.METRIC_HW_GPU_MEMORY_UTILIZATION), legend: 'memory' }],
        }),
        stat({
          title: 'Busiest GPU',
          description: 'Low while local models answer slowly: the GPU is not what is missing.',
          unit: 'percentunit',
          max: 1,
          noValue: 'no GPU',
          needs: needsGpu,
          queries: [{ expr: q.max(names.METRIC_HW_GPU_UTILIZATION), legend: 'GPU' }],
        }),
        stat({
          title: 'Processor',
          description: 'Of all cores. Full: more workers will not make the swarm faster on this machine.',
          unit: 'percentunit',
          max: 1,
          thresholds: percentThresholds,
          noValue: 'not measured',
          queries: [{ expr: `sum(${q.max(names.METRIC_SYSTEM_CPU_UTILIZATION, { by: [names.ATTR_CPU_MODE], where: idle })})`, legend: 'processor' }],
        }),
        stat({
          title: 'Memory',
          description: 'Used share of the machine. Near 100 % the kernel ends processes: workers die with SIGKILL.',
          unit: 'percentunit',
          max: 1,
          thresholds: percentThresholds,
          noValue: 'not measured',
          queries: [{ expr: q.max(names.METRIC_SYSTEM_MEMORY_UTILIZATION, { where: { [names.ATTR_SYSTEM_MEMORY_STATE]: 'used' } }), legend: 'memory' }],
        }),
        stat({
          title: 'Delay of the event loop (p99)',
          description:
            'Of the process that leads the run. High: it works too long in one piece, and every child waits for it. Under `swarmscope run` that process is swarmscope: then the machine is too full even for it.',
          unit: 's',
          noValue: 'not measured',
          thresholds: [
            { from: 0, color: 'green' },
            { from: 0.1, color: 'yellow' },
            { from: 1, color: 'red' },
          ],
          queries: [{ expr: q.max(names.METRIC_NODEJS_EVENTLOOP_DELAY_P99), legend: 'delay' }],
        }),
      ],
    },
    {
      title: 'GPU',
      panels: [
        timeseries({
          title: 'GPU memory in use and its limit',
          description: 'By device. Uneven: requests all go to one of them.',
          unit: 'bytes',
          needs: needsGpu,
          queries: [
            { expr: q.sum(names.METRIC_HW_GPU_MEMORY_USAGE, { by: gpu }), legend: gpuLegend },
            { expr: q.sum(names.METRIC_HW_GPU_MEMORY_LIMIT, { by: gpu }), legend: `limit ${gpuLegend}`, isLimit: true },
          ],
        }),
        timeseries({
          title: 'GPU utilisation',
          description: 'By device. Uneven: requests all go to one of them.',
          unit: 'percentunit',
          max: 1,
          needs: needsGpu,
          queries: [{ expr: q.max(names.METRIC_HW_GPU_UTILIZATION, { by: gpu }), legend: gpuLegend }],
        }),
        timeseries({
          title: 'Who holds GPU memory',
          description:
            'Memory of processes of the run, by worker, kind of task, agent and program. What is missing from the memory in use is held by others: a model server, another run.',
          unit: 'bytes',
          isStacked: true,
          needs: 'a GPU, and processes of the run that use it',
          queries: [
            {
              expr: q.sum(names.METRIC_SWARMSCOPE_WORKER_GPU_MEMORY_USAGE, { by: holder }),
              legend: '{{swarmscope_worker_id}} {{swarmscope_task_type}} {{gen_ai_agent_name}} {{process_executable_name}}',
            },
          ],
        }),
        timeseries({
          title: 'GPU temperature',
          description: 'By device and sensor. Near 90 °C most cards slow down: the same work takes longer.',
          unit: 'celsius',
          needs: needsGpu,
          queries: [
            { expr: q.max(names.METRIC_HW_TEMPERATURE, { by: [names.ATTR_HW_ID, names.ATTR_HW_SENSOR_LOCATION] }), legend: '{{hw_id}} {{hw_sensor_location}}' },
          ],
        }),
        timeseries({
          title: 'GPU power',
          description: 'By device. Low with a full memory: the model is loaded and waits for requests.',
          unit: 'watt',
          needs: needsGpu,
          queries: [{ expr: q.max(names.METRIC_HW_POWER, { by: gpu }), legend: gpuLegend }],
        }),
        timeseries({
          title: 'GPU memory errors per minute',
          description: 'By device and kind. Errors that are not corrected end programs; a card that has them is to be replaced.',
          unit: 'short',
          needs: needsGpu,
          queries: [
            { expr: `60 * ${q.rate(names.METRIC_HW_ERRORS, { by: [names.ATTR_HW_ID, names.ATTR_ERROR_TYPE] })}`, legend: '{{hw_id}} {{error_type}}' },
          ],
        }),
      ],
    },
    {
      title: 'Model servers of the machine',
      panels: [
        timeseries({
          title: 'Requests of model servers',
          description: 'That run and that wait, of all who ask the server. Many wait: it is full, and more agents only wait longer.',
          unit: 'short',
          needs: needsServer,
          queries: [
            {
              expr: q.sum(names.METRIC_SWARMSCOPE_MODEL_SERVER_REQUEST_COUNT, { by: [...server, names.ATTR_SWARMSCOPE_MODEL_SERVER_REQUEST_STATE] }),
              legend: `${serverLegend} {{swarmscope_model_server_request_state}}`,
            },
          ],
        }),
        timeseries({
          title: 'Memory for contexts',
          description: 'Used share of the KV cache. Near 100 % requests are put back: shorter contexts or fewer agents at once.',
          unit: 'percentunit',
          max: 1,
          needs: needsServer,
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_MODEL_SERVER_KV_CACHE_UTILIZATION, { by: server }), legend: serverLegend }],
        }),
        timeseries({
          title: 'Preemptions per minute',
          description: 'Requests that begin anew since the memory for contexts was full. More than none: the server works twice.',
          unit: 'short',
          needs: needsServer,
          queries: [{ expr: `60 * ${q.rate(names.METRIC_SWARMSCOPE_MODEL_SERVER_PREEMPTIONS, { by: server })}`, legend: serverLegend }],
        }),
        timeseries({
          title: 'Models in memory',
          description: 'By server. A number that jumps up and down: models take each other’s place, and calls wait while they load.',
          unit: 'short',
          needs: needsServer,
          queries: [{ expr: q.max(names.METRIC_SWARMSCOPE_MODEL_SERVER_MODEL_COUNT, { by: server }), legend: serverLegend }],
        }),
        timeseries({
          title: 'GPU memory of models',
          description: 'As Ollama tells it. Less than the size of the model: the rest is in the memory of the machine, and slow.',
          unit: 'bytes',
          needs: 'an Ollama with a model in memory',
          queries: [
            {
              expr: q.max(names.METRIC_SWARMSCOPE_MODEL_SERVER_MODEL_GPU_MEMORY_USAGE, { by: [...server, names.ATTR_GEN_AI_REQUEST_MODEL] }),
              legend: `${serverLegend} {{gen_ai_request_model}}`,
            },
          ],
        }),
      ],
    },
    {
      title: 'Host',
      panels: [
        timeseries({
          title: 'Processor by mode',
          description: 'Share of all cores. Full, and the load far above the cores: fewer workers would be as fast.',
          unit: 'percentunit',
          max: 1,
          isStacked: true,
          queries: [
            { expr: q.max(names.METRIC_SYSTEM_CPU_UTILIZATION, { by: [names.ATTR_CPU_MODE], where: idle }), legend: '{{cpu_mode}}' },
            { expr: 'vector(1)', legend: 'limit', isLimit: true },
          ],
        }),
        timeseries({
          title: 'Load',
          description: 'Processes that run or wait, over a minute, beside the cores. Above: that many wait for a processor, on Linux also for a disk.',
          unit: 'short',
          queries: [
            { expr: q.max(names.METRIC_SWARMSCOPE_HOST_LOAD), legend: 'load' },
            { expr: q.max(names.METRIC_SYSTEM_CPU_LOGICAL_COUNT), legend: 'cores', isLimit: true },
          ],
        }),
        timeseries({
          title: 'Memory by state',
          description: 'Beside what the machine has.',
          unit: 'bytes',
          isStacked: true,
          queries: [
            { expr: q.max(names.METRIC_SYSTEM_MEMORY_USAGE, { by: [names.ATTR_SYSTEM_MEMORY_STATE] }), legend: '{{system_memory_state}}' },
            { expr: q.max(names.METRIC_SYSTEM_MEMORY_LIMIT), legend: 'limit', isLimit: true },
          ],
        }),
        timeseries({
          title: 'Disk',
          description: 'Bytes per second. Worktrees and node_modules are disk: many agents at once show here first.',
          unit: 'Bps',
          queries: [{ expr: q.rate(names.METRIC_SYSTEM_DISK_IO, { by: [names.ATTR_DISK_IO_DIRECTION] }), legend: '{{disk_io_direction}}' }],
        }),
        timeseries({
          title: 'Network',
          description: 'Bytes per second. Flat while agents wait: it is not the line that is slow.',
          unit: 'Bps',
          queries: [{ expr: q.rate(names.METRIC_SYSTEM_NETWORK_IO, { by: [names.ATTR_NETWORK_IO_DIRECTION] }), legend: '{{network_io_direction}}' }],
        }),
      ],
    },
    {
      title: 'The process that leads the run',
      panels: [
        timeseries({
          title: 'Event loop',
          description: 'Share of the time in which it works, beside 100 %.',
          unit: 'percentunit',
          max: 1,
          queries: [
            { expr: q.max(names.METRIC_NODEJS_EVENTLOOP_UTILIZATION), legend: 'event loop' },
            { expr: q.sum(names.METRIC_PROCESS_CPU_UTILIZATION, { by: [names.ATTR_CPU_MODE] }), legend: 'processor {{cpu_mode}}' },
            { expr: 'vector(1)', legend: 'limit', isLimit: true },
          ],
        }),
        timeseries({
          title: 'Memory of the process',
          description: 'Resident, and the heap in use.',
          unit: 'bytes',
          queries: [
            { expr: q.sum(names.METRIC_PROCESS_MEMORY_USAGE), legend: 'resident' },
            { expr: q.sum(names.METRIC_V8JS_MEMORY_HEAP_USED), legend: 'heap' },
          ],
        }),
        timeseries({
          title: 'Garbage collection, seconds per second',
          description: 'Above a tenth: the process mostly collects.',
          unit: 'percentunit',
          queries: [{ expr: q.sumRate(names.METRIC_V8JS_GC_DURATION), legend: 'collecting' }],
        }),
      ],
    },
  ],
};
