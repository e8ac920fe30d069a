"""The standard library alone: NAME... asked by threads, once OpenAI's and once Anthropic's API each."""
import json
import os
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from note import call


def ask(name):
    texts = []
    with call(name) as prompt:
        body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": prompt}]}
        answer = post(os.environ["OPENAI_BASE_URL"] + "/chat/completions", body, {"authorization": "Bearer " + os.environ["OPENAI_API_KEY"]})
        texts.append(answer["choices"][0]["message"]["content"])
    with call(name) as prompt:
        body = {"model": "claude-opus-4-5", "max_tokens": 100, "messages": [{"role": "user", "content": prompt}]}
        headers = {"x-api-key": os.environ["ANTHROPIC_API_KEY"], "anthropic-version": "2023-06-01"}
        answer = post(os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages", body, headers)
        texts.append(answer["content"][0]["text"])
    return texts


def post(url, body, headers):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json", **headers})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


with ThreadPoolExecutor(3) as pool:
    for texts in pool.map(ask, sys.argv[1:]):
        print(texts)
