"""The packages openai (by threads) and anthropic (by asyncio, streamed): sdks.py NAME..."""
import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

import anthropic
import openai

from note import call


# Made before a call is timed.
client = openai.OpenAI()


def ask_openai(name):
    with call(name) as prompt:
        messages = [{"role": "user", "content": prompt}]
        return client.chat.completions.create(model="gpt-4o-mini", messages=messages).choices[0].message.content


async def ask_anthropic(client, name):
    with call(name) as prompt:
        messages = [{"role": "user", "content": prompt}]
        async with client.messages.stream(model="claude-opus-4-5", max_tokens=100, messages=messages) as stream:
            return await stream.get_final_text()


async def ask_all(names):
    async with anthropic.AsyncAnthropic() as client:
        return await asyncio.gather(*(ask_anthropic(client, name) for name in names))


with ThreadPoolExecutor(3) as pool:
    print(list(pool.map(ask_openai, sys.argv[1:])))
print(asyncio.run(ask_all(sys.argv[1:])))
