// Generated from src/semconv by tools/generate-semconv.ts. Do not edit.
import type { Dialect } from '../types.ts';

export const DIALECTS: readonly Dialect[] = [
  {
    name: 'claude_code',
    observer: 'agent',
    match: {
      namePrefixes: ['claude_code.'],
      scopePrefixes: ['com.anthropic.claude_code'],
      attributes: [],
    },
    isNoisy: false,
    keep: [
      'anthropic.provider',
      'bash_argv0',
      'bash_command_class',
      'compaction_trigger',
      'decision',
      'error_category',
      'event.name',
      'event.timestamp',
      'llm_request.context',
      'parent.source',
      'permission_mode',
      'prompt.id',
      'query_source',
      'query_source_safe',
      'source',
      'span.type',
      'speed',
      'start_type',
      'success',
      'terminal.type',
      'tool_source',
      'trigger',
      'type',
    ],
    attributes: [
      {
        from: 'model',
        to: 'gen_ai.request.model',
      },
      {
        from: 'input_tokens',
        to: 'gen_ai.usage.input_tokens',
        add: ['cache_read_tokens', 'cache_creation_tokens'],
        override: true,
      },
      {
        from: 'output_tokens',
        to: 'gen_ai.usage.output_tokens',
      },
      {
        from: 'cache_read_tokens',
        to: 'gen_ai.usage.cache_read.input_tokens',
      },
      {
        from: 'cache_creation_tokens',
        to: 'gen_ai.usage.cache_write.input_tokens',
      },
      {
        from: 'ttft_ms',
        to: 'gen_ai.response.time_to_first_chunk',
        scale: 0.001,
      },
      {
        from: 'attempt',
        to: 'http.request.resend_count',
        offset: -1,
      },
      {
        from: 'status_code',
        to: 'http.response.status_code',
      },
      {
        from: 'status_code',
        to: 'error.type',
        text: true,
      },
      {
        from: 'error_class',
        to: 'error.type',
      },
      {
        from: 'gen_ai.response.finish_reasons',
        to: 'gen_ai.response.finish_reasons',
        values: {
          end_turn: 'stop',
          stop_sequence: 'stop',
          max_tokens: 'length',
          tool_use: 'tool_call',
          refusal: 'content_filter',
          pause_turn: 'stop',
        },
        wrap: true,
        override: true,
      },
      {
        from: 'stop_reason',
        to: 'gen_ai.response.finish_reasons',
        values: {
          end_turn: 'stop',
          stop_sequence: 'stop',
          max_tokens: 'length',
          tool_use: 'tool_call',
          refusal: 'content_filter',
          pause_turn: 'stop',
        },
        wrap: true,
      },
      {
        from: 'effort',
        to: 'gen_ai.request.reasoning.level',
      },
      {
        from: 'tool_name',
        to: 'gen_ai.tool.name',
      },
      {
        from: 'tool_use_id',
        to: 'gen_ai.tool.call.id',
      },
      {
        from: 'skill_name',
        to: 'gen_ai.skill.name',
      },
      {
        from: 'session.id',
        to: 'gen_ai.conversation.id',
      },
      {
        from: 'request_id',
        to: 'swarmscope.inference.request.id',
      },
      {
        from: 'agent_id',
        to: 'swarmscope.agent.instance.id',
      },
      {
        from: 'workflow.name',
        to: 'gen_ai.workflow.name',
      },
    ],
    spans: [
      {
        when: {
          name: 'claude_code.llm_request',
        },
        name: 'chat {gen_ai.request.model}',
        kind: 3,
        set: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'anthropic',
        },
      },
      {
        when: {
          name: 'claude_code.tool',
        },
        name: 'execute_tool {gen_ai.tool.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'execute_tool',
        },
      },
      {
        when: {
          name: 'claude_code.tool.blocked_on_user',
          attribute: 'duration_ms',
          below: 500,
        },
        set: {},
      },
      {
        when: {
          name: 'claude_code.tool.blocked_on_user',
          attribute: 'source',
          equals: 'user_temporary',
        },
        name: 'wait {swarmscope.wait.reason}',
        kind: 1,
        set: {
          'swarmscope.operation.name': 'wait',
          'swarmscope.wait.reason': 'human',
        },
      },
      {
        when: {
          name: 'claude_code.tool.blocked_on_user',
          attribute: 'source',
          equals: 'user_permanent',
        },
        name: 'wait {swarmscope.wait.reason}',
        kind: 1,
        set: {
          'swarmscope.operation.name': 'wait',
          'swarmscope.wait.reason': 'human',
        },
      },
      {
        when: {
          name: 'claude_code.tool.blocked_on_user',
          attribute: 'source',
          equals: 'user_reject',
        },
        name: 'wait {swarmscope.wait.reason}',
        kind: 1,
        set: {
          'swarmscope.operation.name': 'wait',
          'swarmscope.wait.reason': 'human',
        },
      },
      {
        when: {
          name: 'claude_code.tool.blocked_on_user',
          attribute: 'source',
          equals: 'user_abort',
        },
        name: 'wait {swarmscope.wait.reason}',
        kind: 1,
        set: {
          'swarmscope.operation.name': 'wait',
          'swarmscope.wait.reason': 'human',
        },
      },
      {
        when: {
          name: 'claude_code.interaction',
          attribute: 'parent.source',
          equals: 'env',
        },
        set: {},
        drop: ['gen_ai.operation.name'],
      },
      {
        when: {
          name: 'claude_code.interaction',
        },
        name: 'invoke_agent {gen_ai.agent.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': 'claude',
        },
      },
    ],
    events: [],
    meters: [
      {
        from: 'claude_code.token.usage',
        to: 'gen_ai.client.inference.usage.input_tokens',
        where: {
          type: ['input', 'cacheRead', 'cacheCreation'],
        },
      },
      {
        from: 'claude_code.token.usage',
        to: 'gen_ai.client.inference.usage.output_tokens',
        where: {
          type: ['output'],
        },
      },
      {
        from: 'claude_code.token.usage',
        to: 'gen_ai.client.inference.usage.cache_read.input_tokens',
        where: {
          type: ['cacheRead'],
        },
      },
      {
        from: 'claude_code.token.usage',
        to: 'gen_ai.client.inference.usage.cache_write.input_tokens',
        where: {
          type: ['cacheCreation'],
        },
      },
      {
        from: 'claude_code.cost.usage',
        to: 'swarmscope.inference.cost',
      },
    ],
  },
  {
    name: 'codex',
    observer: 'agent',
    match: {
      namePrefixes: ['codex.'],
      scopePrefixes: ['codex_', 'codex-'],
      attributes: [],
    },
    isNoisy: true,
    keep: [
      'app.version',
      'attempt',
      'auth.header_name',
      'decision',
      'duration_ms',
      'event.kind',
      'event.name',
      'event.timestamp',
      'originator',
      'source',
      'success',
      'terminal.type',
    ],
    attributes: [
      {
        from: 'model',
        to: 'gen_ai.request.model',
      },
      {
        from: 'input_token_count',
        to: 'gen_ai.usage.input_tokens',
        offset: 0,
      },
      {
        from: 'output_token_count',
        to: 'gen_ai.usage.output_tokens',
        offset: 0,
      },
      {
        from: 'cached_token_count',
        to: 'gen_ai.usage.cache_read.input_tokens',
        offset: 0,
      },
      {
        from: 'reasoning_token_count',
        to: 'gen_ai.usage.reasoning.output_tokens',
        offset: 0,
      },
      {
        from: 'cache_write_token_count',
        to: 'gen_ai.usage.cache_write.input_tokens',
        offset: 0,
      },
      {
        from: 'ttft_ms',
        to: 'gen_ai.response.time_to_first_chunk',
        scale: 0.001,
      },
      {
        from: 'http.response.status_code',
        to: 'error.type',
        atLeast: 400,
        text: true,
      },
      {
        from: 'tool_name',
        to: 'gen_ai.tool.name',
      },
      {
        from: 'call_id',
        to: 'gen_ai.tool.call.id',
      },
      {
        from: 'conversation.id',
        to: 'gen_ai.conversation.id',
      },
      {
        from: 'reasoning_effort',
        to: 'gen_ai.request.reasoning.level',
      },
      {
        from: 'model_reasoning_effort',
        to: 'gen_ai.request.reasoning.level',
      },
    ],
    spans: [
      {
        when: {
          name: 'codex.tool_result',
          attribute: 'success',
          equals: 'false',
        },
        name: 'execute_tool {gen_ai.tool.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.agent.name': 'codex',
          'error.type': '_OTHER',
        },
      },
      {
        when: {
          name: 'codex.tool_result',
        },
        name: 'execute_tool {gen_ai.tool.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.agent.name': 'codex',
        },
      },
      {
        when: {
          name: 'codex.api_request',
        },
        set: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.agent.name': 'codex',
        },
      },
      {
        when: {
          name: 'codex.sse_event',
          attribute: 'event.kind',
          equals: 'response.completed',
        },
        set: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.agent.name': 'codex',
        },
      },
    ],
    events: [
      {
        event: 'codex.api_request',
        counts: 'call',
        milliseconds: 'duration_ms',
      },
      {
        event: 'codex.sse_event',
        counts: 'usage',
      },
      {
        event: 'codex.tool_result',
        counts: 'tool',
        milliseconds: 'duration_ms',
      },
    ],
    meters: [],
  },
  {
    name: 'gemini_cli',
    observer: 'agent',
    match: {
      namePrefixes: ['gemini_cli.'],
      scopePrefixes: ['gemini-cli'],
      attributes: [],
    },
    isNoisy: true,
    keep: ['approval_mode', 'auth_type', 'decision', 'event.name', 'event.timestamp', 'mode', 'role', 'tool_type'],
    attributes: [
      {
        from: 'model',
        to: 'gen_ai.request.model',
      },
      {
        from: 'input_token_count',
        to: 'gen_ai.usage.input_tokens',
      },
      {
        from: 'output_token_count',
        to: 'gen_ai.usage.output_tokens',
        add: ['thoughts_token_count'],
      },
      {
        from: 'cached_content_token_count',
        to: 'gen_ai.usage.cache_read.input_tokens',
      },
      {
        from: 'thoughts_token_count',
        to: 'gen_ai.usage.reasoning.output_tokens',
      },
      {
        from: 'finish_reasons',
        to: 'gen_ai.response.finish_reasons',
      },
      {
        from: 'status_code',
        to: 'http.response.status_code',
      },
      {
        from: 'status_code',
        to: 'error.type',
        atLeast: 400,
        text: true,
      },
      {
        from: 'function_name',
        to: 'gen_ai.tool.name',
      },
      {
        from: 'session.id',
        to: 'gen_ai.conversation.id',
      },
    ],
    spans: [
      {
        when: {
          name: 'gemini_cli.api_response',
        },
        set: {
          'gen_ai.operation.name': 'generate_content',
          'gen_ai.provider.name': 'gcp.gemini',
          'gen_ai.agent.name': 'gemini',
        },
      },
      {
        when: {
          name: 'gemini_cli.api_error',
        },
        set: {
          'gen_ai.operation.name': 'generate_content',
          'gen_ai.provider.name': 'gcp.gemini',
          'gen_ai.agent.name': 'gemini',
          'error.type': '_OTHER',
        },
      },
      {
        when: {
          name: 'gemini_cli.tool_call',
          attribute: 'success',
          equals: false,
        },
        name: 'execute_tool {gen_ai.tool.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.agent.name': 'gemini',
          'error.type': '_OTHER',
        },
      },
      {
        when: {
          name: 'gemini_cli.tool_call',
        },
        name: 'execute_tool {gen_ai.tool.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.agent.name': 'gemini',
        },
      },
    ],
    events: [
      {
        event: 'gemini_cli.api_response',
        counts: 'call',
        milliseconds: 'duration_ms',
      },
      {
        event: 'gemini_cli.api_response',
        counts: 'usage',
      },
      {
        event: 'gemini_cli.api_error',
        counts: 'call',
        milliseconds: 'duration_ms',
      },
      {
        event: 'gemini_cli.tool_call',
        counts: 'tool',
        milliseconds: 'duration_ms',
      },
    ],
    meters: [],
  },
  {
    name: 'copilot',
    observer: 'agent',
    match: {
      namePrefixes: [],
      scopePrefixes: ['github.copilot'],
      attributes: [],
    },
    isNoisy: false,
    keep: ['github.copilot.agent.type', 'github.copilot.initiator', 'github.copilot.turn_id', 'process.executable.name', 'server.address'],
    attributes: [
      {
        from: 'gen_ai.response.finish_reasons',
        to: 'gen_ai.response.finish_reasons',
        values: {
          tool_calls: 'tool_call',
        },
        wrap: true,
        override: true,
      },
    ],
    spans: [
      {
        when: {
          attribute: 'gen_ai.operation.name',
          equals: 'invoke_agent',
        },
        name: 'invoke_agent {gen_ai.agent.name}',
        kind: 1,
        set: {
          'gen_ai.agent.name': 'copilot',
        },
      },
      {
        when: {
          attribute: 'gen_ai.operation.name',
          equals: 'execute_tool',
        },
        name: 'execute_tool {gen_ai.tool.name}',
        kind: 1,
        set: {
          'gen_ai.agent.name': 'copilot',
        },
      },
    ],
    events: [],
    meters: [],
  },
  {
    name: 'opencode',
    observer: 'agent',
    match: {
      namePrefixes: [],
      scopePrefixes: ['opencode'],
      attributes: [],
    },
    isNoisy: true,
    keep: [],
    attributes: [
      {
        from: 'ai.model.id',
        to: 'gen_ai.request.model',
      },
      {
        from: 'gen_ai.system',
        to: 'gen_ai.provider.name',
        values: {
          'openai.chat': 'openai',
          'openai.responses': 'openai',
          'anthropic.messages': 'anthropic',
          'google.generative-ai': 'gcp.gemini',
          'amazon-bedrock': 'aws.bedrock',
          'google.vertex.chat': 'gcp.vertex_ai',
        },
      },
      {
        from: 'ai.usage.inputTokens',
        to: 'gen_ai.usage.input_tokens',
        offset: 0,
      },
      {
        from: 'ai.usage.outputTokens',
        to: 'gen_ai.usage.output_tokens',
        offset: 0,
      },
      {
        from: 'ai.usage.cachedInputTokens',
        to: 'gen_ai.usage.cache_read.input_tokens',
        offset: 0,
      },
      {
        from: 'ai.usage.reasoningTokens',
        to: 'gen_ai.usage.reasoning.output_tokens',
        offset: 0,
      },
      {
        from: 'ai.response.msToFirstChunk',
        to: 'gen_ai.response.time_to_first_chunk',
        scale: 0.001,
      },
      {
        from: 'ai.response.id',
        to: 'gen_ai.response.id',
      },
      {
        from: 'ai.response.model',
        to: 'gen_ai.response.model',
      },
      {
        from: 'gen_ai.response.finish_reasons',
        to: 'gen_ai.response.finish_reasons',
        values: {
          'tool-calls': 'tool_call',
          'content-filter': 'content_filter',
        },
        wrap: true,
        override: true,
      },
      {
        from: 'ai.toolCall.name',
        to: 'gen_ai.tool.name',
      },
      {
        from: 'ai.toolCall.id',
        to: 'gen_ai.tool.call.id',
      },
      {
        from: 'session.id',
        to: 'gen_ai.conversation.id',
      },
    ],
    spans: [
      {
        when: {
          name: 'ai.streamText.doStream',
        },
        name: 'chat {gen_ai.request.model}',
        kind: 3,
        set: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.agent.name': 'opencode',
        },
      },
      {
        when: {
          name: 'ai.generateText.doGenerate',
        },
        name: 'chat {gen_ai.request.model}',
        kind: 3,
        set: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.agent.name': 'opencode',
        },
      },
      {
        when: {
          name: 'ai.toolCall',
        },
        name: 'execute_tool {gen_ai.tool.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.agent.name': 'opencode',
        },
      },
    ],
    events: [],
    meters: [],
  },
  {
    name: 'qwen_code',
    observer: 'agent',
    match: {
      namePrefixes: ['qwen-code.'],
      scopePrefixes: ['qwen-code'],
      attributes: [],
    },
    isNoisy: true,
    keep: [
      'auth_type',
      'decision',
      'event.name',
      'event.timestamp',
      'execution_status',
      'llm_request.context',
      'qwen-code.approval_mode',
      'qwen-code.message_type',
      'qwen-code.turn_status',
      'status',
      'tool_type',
    ],
    attributes: [
      {
        from: 'gen_ai.response.finish_reasons',
        to: 'gen_ai.response.finish_reasons',
        values: {
          tool_calls: 'tool_call',
          tool_use: 'tool_call',
          end_turn: 'stop',
          max_tokens: 'length',
        },
        wrap: true,
        override: true,
      },
      {
        from: 'gen_ai.agent.name',
        to: 'gen_ai.agent.name',
        values: {
          'qwen-code': 'qwen',
        },
        override: true,
      },
      {
        from: 'attempt',
        to: 'http.request.resend_count',
        offset: -1,
      },
      {
        from: 'model',
        to: 'gen_ai.request.model',
      },
      {
        from: 'response_id',
        to: 'gen_ai.response.id',
      },
      {
        from: 'function_name',
        to: 'gen_ai.tool.name',
      },
      {
        from: 'tool_name',
        to: 'gen_ai.tool.name',
      },
      {
        from: 'call_id',
        to: 'gen_ai.tool.call.id',
      },
      {
        from: 'status_code',
        to: 'http.response.status_code',
      },
      {
        from: 'session.id',
        to: 'gen_ai.conversation.id',
      },
    ],
    spans: [
      {
        when: {
          name: 'qwen-code.llm_request',
        },
        name: 'chat {gen_ai.request.model}',
        kind: 3,
        set: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.agent.name': 'qwen',
        },
      },
      {
        when: {
          name: 'qwen-code.tool',
        },
        name: 'execute_tool {gen_ai.tool.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.agent.name': 'qwen',
        },
      },
      {
        when: {
          name: 'qwen-code.interaction',
        },
        name: 'invoke_agent {gen_ai.agent.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': 'qwen',
        },
      },
    ],
    events: [],
    meters: [],
  },
  {
    name: 'openllmetry',
    observer: 'library',
    match: {
      namePrefixes: [],
      scopePrefixes: [],
      attributes: ['traceloop.span.kind', 'traceloop.entity.name', 'llm.request.type'],
    },
    isNoisy: false,
    keep: [],
    attributes: [
      {
        from: 'traceloop.workflow.name',
        to: 'gen_ai.workflow.name',
      },
      {
        from: 'llm.request.type',
        to: 'gen_ai.operation.name',
        values: {
          completion: 'text_completion',
          embedding: 'embeddings',
        },
      },
      {
        from: 'llm.is_streaming',
        to: 'gen_ai.request.stream',
      },
      {
        from: 'llm.response.finish_reason',
        to: 'gen_ai.response.finish_reasons',
        wrap: true,
      },
      {
        from: 'gen_ai.response.finish_reason',
        to: 'gen_ai.response.finish_reasons',
        wrap: true,
      },
      {
        from: 'gen_ai.usage.cache_read_input_tokens',
        to: 'gen_ai.usage.cache_read.input_tokens',
      },
      {
        from: 'gen_ai.usage.cache_creation_input_tokens',
        to: 'gen_ai.usage.cache_write.input_tokens',
      },
      {
        from: 'gen_ai.usage.reasoning_tokens',
        to: 'gen_ai.usage.reasoning.output_tokens',
      },
      {
        from: 'llm.usage.reasoning_tokens',
        to: 'gen_ai.usage.reasoning.output_tokens',
      },
      {
        from: 'llm.request.reasoning_effort',
        to: 'gen_ai.request.reasoning.level',
      },
      {
        from: 'gen_ai.openai.system_fingerprint',
        to: 'openai.response.system_fingerprint',
      },
    ],
    spans: [
      {
        when: {
          attribute: 'llm.request.type',
          equals: 'chat',
        },
        name: 'chat {gen_ai.request.model}',
        kind: 3,
        set: {},
      },
      {
        when: {
          attribute: 'llm.request.type',
          equals: 'completion',
        },
        name: 'text_completion {gen_ai.request.model}',
        kind: 3,
        set: {},
      },
      {
        when: {
          attribute: 'llm.request.type',
          equals: 'embedding',
        },
        name: 'embeddings {gen_ai.request.model}',
        kind: 3,
        set: {},
      },
      {
        when: {
          attribute: 'traceloop.span.kind',
          equals: 'workflow',
        },
        name: 'invoke_workflow {gen_ai.workflow.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'invoke_workflow',
        },
        copy: {
          'traceloop.entity.name': 'gen_ai.workflow.name',
        },
      },
      {
        when: {
          attribute: 'traceloop.span.kind',
          equals: 'agent',
        },
        name: 'invoke_agent {gen_ai.agent.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'invoke_agent',
        },
        copy: {
          'traceloop.entity.name': 'gen_ai.agent.name',
        },
      },
      {
        when: {
          attribute: 'traceloop.span.kind',
          equals: 'tool',
        },
        name: 'execute_tool {gen_ai.tool.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'execute_tool',
        },
        copy: {
          'traceloop.entity.name': 'gen_ai.tool.name',
        },
      },
    ],
    events: [],
    meters: [],
  },
  {
    name: 'openinference',
    observer: 'library',
    match: {
      namePrefixes: [],
      scopePrefixes: [],
      attributes: ['openinference.span.kind'],
    },
    isNoisy: false,
    keep: [],
    attributes: [
      {
        from: 'llm.model_name',
        to: 'gen_ai.request.model',
      },
      {
        from: 'embedding.model_name',
        to: 'gen_ai.request.model',
      },
      {
        from: 'llm.provider',
        to: 'gen_ai.provider.name',
        values: {
          azure: 'azure.ai.openai',
          google: 'gcp.gemini',
          aws: 'aws.bedrock',
          xai: 'x_ai',
          mistralai: 'mistral_ai',
        },
      },
      {
        from: 'llm.system',
        to: 'gen_ai.provider.name',
        values: {
          vertexai: 'gcp.vertex_ai',
          mistralai: 'mistral_ai',
          xai: 'x_ai',
        },
      },
      {
        from: 'llm.token_count.prompt',
        to: 'gen_ai.usage.input_tokens',
      },
      {
        from: 'llm.token_count.completion',
        to: 'gen_ai.usage.output_tokens',
      },
      {
        from: 'llm.token_count.prompt_details.cache_read',
        to: 'gen_ai.usage.cache_read.input_tokens',
      },
      {
        from: 'llm.token_count.prompt_details.cache_write',
        to: 'gen_ai.usage.cache_write.input_tokens',
      },
      {
        from: 'llm.token_count.completion_details.reasoning',
        to: 'gen_ai.usage.reasoning.output_tokens',
      },
      {
        from: 'llm.finish_reason',
        to: 'gen_ai.response.finish_reasons',
        wrap: true,
      },
      {
        from: 'tool.name',
        to: 'gen_ai.tool.name',
      },
      {
        from: 'tool.description',
        to: 'gen_ai.tool.description',
      },
      {
        from: 'tool_call.id',
        to: 'gen_ai.tool.call.id',
      },
      {
        from: 'agent.name',
        to: 'gen_ai.agent.name',
      },
      {
        from: 'session.id',
        to: 'gen_ai.conversation.id',
      },
    ],
    spans: [
      {
        when: {
          attribute: 'openinference.span.kind',
          equals: 'LLM',
        },
        name: 'chat {gen_ai.request.model}',
        kind: 3,
        set: {
          'gen_ai.operation.name': 'chat',
        },
      },
      {
        when: {
          attribute: 'openinference.span.kind',
          equals: 'EMBEDDING',
        },
        name: 'embeddings {gen_ai.request.model}',
        kind: 3,
        set: {
          'gen_ai.operation.name': 'embeddings',
        },
      },
      {
        when: {
          attribute: 'openinference.span.kind',
          equals: 'TOOL',
        },
        name: 'execute_tool {gen_ai.tool.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'execute_tool',
        },
      },
      {
        when: {
          attribute: 'openinference.span.kind',
          equals: 'AGENT',
        },
        name: 'invoke_agent {gen_ai.agent.name}',
        kind: 1,
        set: {
          'gen_ai.operation.name': 'invoke_agent',
        },
      },
      {
        when: {
          attribute: 'openinference.span.kind',
          equals: 'RETRIEVER',
        },
        kind: 3,
        set: {
          'gen_ai.operation.name': 'retrieval',
        },
      },
    ],
    events: [],
    meters: [],
  },
  {
    name: 'agentsight',
    observer: 'kernel',
    match: {
      namePrefixes: [],
      scopePrefixes: ['agentsight'],
      attributes: [],
    },
    isNoisy: false,
    keep: ['server.address'],
    attributes: [
      {
        from: 'gen_ai.response.finish_reasons',
        to: 'gen_ai.response.finish_reasons',
        values: {
          tool_calls: 'tool_call',
          tool_use: 'tool_call',
          end_turn: 'stop',
          stop_sequence: 'stop',
          max_tokens: 'length',
        },
        wrap: true,
        override: true,
      },
      {
        from: 'gen_ai.provider.name',
        to: 'gen_ai.provider.name',
        values: {
          'gcp.gen_ai': 'gcp.gemini',
        },
        override: true,
      },
      {
        from: 'http.response.status_code',
        to: 'error.type',
        atLeast: 400,
        text: true,
      },
    ],
    spans: [],
    events: [],
    meters: [],
  },
  {
    name: 'obi',
    observer: 'kernel',
    match: {
      namePrefixes: [],
      scopePrefixes: ['go.opentelemetry.io/obi'],
      attributes: [],
    },
    isNoisy: false,
    keep: ['http.request.method', 'server.address', 'url.scheme'],
    attributes: [
      {
        from: 'gen_ai.operation.name',
        to: 'gen_ai.operation.name',
        values: {
          response: 'chat',
          'chat.completion': 'chat',
          message: 'chat',
          embedding: 'embeddings',
        },
        override: true,
      },
      {
        from: 'gen_ai.response.finish_reasons',
        to: 'gen_ai.response.finish_reasons',
        values: {
          tool_calls: 'tool_call',
          tool_use: 'tool_call',
          end_turn: 'stop',
          stop_sequence: 'stop',
          max_tokens: 'length',
        },
        wrap: true,
        override: true,
      },
    ],
    spans: [],
    events: [],
    meters: [],
  },
  {
    name: 'gen_ai_legacy',
    observer: 'library',
    match: {
      namePrefixes: [],
      scopePrefixes: [],
      attributes: [
        'gen_ai.system',
        'gen_ai.usage.prompt_tokens',
        'gen_ai.usage.completion_tokens',
        'gen_ai.usage.cache_creation.input_tokens',
      ],
    },
    isNoisy: false,
    keep: [],
    attributes: [
      {
        from: 'gen_ai.system',
        to: 'gen_ai.provider.name',
        values: {
          'az.ai.inference': 'azure.ai.inference',
          'az.ai.openai': 'azure.ai.openai',
          gemini: 'gcp.gemini',
          vertex_ai: 'gcp.vertex_ai',
          xai: 'x_ai',
          OpenAI: 'openai',
          Anthropic: 'anthropic',
          AWS: 'aws.bedrock',
          Azure: 'azure.ai.openai',
        },
      },
      {
        from: 'gen_ai.usage.prompt_tokens',
        to: 'gen_ai.usage.input_tokens',
      },
      {
        from: 'gen_ai.usage.completion_tokens',
        to: 'gen_ai.usage.output_tokens',
      },
      {
        from: 'gen_ai.usage.cache_creation.input_tokens',
        to: 'gen_ai.usage.cache_write.input_tokens',
      },
      {
        from: 'gen_ai.openai.request.service_tier',
        to: 'openai.request.service_tier',
      },
      {
        from: 'gen_ai.openai.response.service_tier',
        to: 'openai.response.service_tier',
      },
      {
        from: 'gen_ai.openai.response.system_fingerprint',
        to: 'openai.response.system_fingerprint',
      },
      {
        from: 'gen_ai.openai.request.seed',
        to: 'gen_ai.request.seed',
      },
    ],
    spans: [],
    events: [],
    meters: [
      {
        from: 'gen_ai.client.token.usage',
        to: 'gen_ai.client.inference.usage.input_tokens',
        where: {
          'gen_ai.token.type': ['input'],
        },
      },
      {
        from: 'gen_ai.client.token.usage',
        to: 'gen_ai.client.inference.usage.output_tokens',
        where: {
          'gen_ai.token.type': ['output'],
        },
      },
    ],
  },
];
