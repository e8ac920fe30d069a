/** What model servers answer, as their documentation shows it, shortened to what is read and what must not be taken for it. */

export const VLLM = `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="meta-llama/Llama-3.1-8B-Instruct"} 8.0
vllm:num_requests_running{engine="1",model_name="meta-llama/Llama-3.1-8B-Instruct"} 4.0
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{engine="0",model_name="meta-llama/Llama-3.1-8B-Instruct"} 3.0
vllm:num_requests_waiting{engine="1",model_name="meta-llama/Llama-3.1-8B-Instruct"} 0.0
# TYPE vllm:kv_cache_usage_perc gauge
vllm:kv_cache_usage_perc{engine="0",model_name="meta-llama/Llama-3.1-8B-Instruct"} 0.81
vllm:kv_cache_usage_perc{engine="1",model_name="meta-llama/Llama-3.1-8B-Instruct"} 0.2
# TYPE vllm:num_preemptions_total counter
vllm:num_preemptions_total{engine="0",model_name="meta-llama/Llama-3.1-8B-Instruct"} 480.0
vllm:num_preemptions_created{engine="0",model_name="meta-llama/Llama-3.1-8B-Instruct"} 1.7e+09
vllm:time_to_first_token_seconds_bucket{le="0.001",model_name="meta-llama/Llama-3.1-8B-Instruct"} 0.0
`;

export const SGLANG = `# TYPE sglang:token_usage gauge
sglang:token_usage{model_name="meta-llama/Llama-3.1-8B-Instruct",tp_rank="0"} 0.28
# TYPE sglang:num_running_reqs gauge
sglang:num_running_reqs{model_name="meta-llama/Llama-3.1-8B-Instruct",tp_rank="0"} 6.0
sglang:num_running_reqs{model_name="meta-llama/Llama-3.1-8B-Instruct",tp_rank="1"} 6.0
sglang:num_queue_reqs{model_name="meta-llama/Llama-3.1-8B-Instruct",tp_rank="0"} 2.0
sglang:num_retracted_requests_total{model_name="meta-llama/Llama-3.1-8B-Instruct",tp_rank="0"} 5.0
`;

export const LLAMA_CPP = `# HELP llamacpp:prompt_tokens_total Number of prompt tokens processed.
llamacpp:prompt_tokens_total 33065
# HELP llamacpp:requests_processing Number of requests processing.
# TYPE llamacpp:requests_processing gauge
llamacpp:requests_processing 2
llamacpp:requests_deferred 5
`;

export const OLLAMA = JSON.stringify({
  models: [
    {
      name: 'gemma3',
      model: 'gemma3',
      size: 6_591_830_464,
      details: { parameter_size: '4.3B' },
      size_vram: 5_333_539_264,
      context_length: 4_096,
    },
  ],
});

export const LM_STUDIO = JSON.stringify({
  models: [
    {
      type: 'llm',
      key: 'qwen/qwen3-4b',
      loaded_instances: [{ id: 'qwen/qwen3-4b', config: { context_length: 4_096 } }],
      max_context_length: 262_144,
    },
    { type: 'embedding', key: 'nomic-embed', loaded_instances: [], max_context_length: 2_048 },
  ],
});

export const LM_STUDIO_0 = JSON.stringify({
  object: 'list',
  data: [
    { id: 'qwen2-vl-7b', object: 'model', state: 'not-loaded' },
    { id: 'granite-3.0-2b', object: 'model', state: 'loaded' },
  ],
});
