"""A swarm in Python, with not one line about telemetry: four questions by threads, by asyncio, or by LangGraph.

swarm.py threads|asyncio|langgraph
"""
import asyncio
import operator
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, TypedDict

TASKS = ["cart", "stock", "prices", "search"]


def with_threads():
    """The package openai, one thread a task."""
    from openai import OpenAI

    client = OpenAI()

    def work(task):
        messages = [{"role": "user", "content": f"Task {task}: plan this part of a small shop."}]
        return client.chat.completions.create(model="gpt-4o-mini", messages=messages).choices[0].message.content

    with ThreadPoolExecutor(len(TASKS)) as pool:
        return list(pool.map(work, TASKS))


def with_asyncio():
    """The package anthropic, streamed, all tasks in one event loop."""
    from anthropic import AsyncAnthropic

    async def work(client, task):
        messages = [{"role": "user", "content": f"Task {task}: plan this part of a small shop."}]
        async with client.messages.stream(model="claude-haiku-4-5", max_tokens=500, messages=messages) as stream:
            return await stream.get_final_text()

    async def work_all():
        async with AsyncAnthropic() as client:
            return await asyncio.gather(*(work(client, task) for task in TASKS))

    return asyncio.run(work_all())


def with_langgraph():
    """A graph: one node a task, all in one superstep, and a review of what they wrote."""
    from langchain_openai import ChatOpenAI
    from langgraph.graph import END, START, StateGraph

    class State(TypedDict):
        texts: Annotated[list, operator.add]

    model = ChatOpenAI(model="gpt-4o-mini")

    def ask(prompt):
        return {"texts": [model.invoke(prompt).content]}

    graph = StateGraph(State)
    graph.add_node("review", lambda state: ask(f"Review: {state['texts']}"))
    graph.add_edge("review", END)
    for task in TASKS:
        graph.add_node(task, lambda state, task=task: ask(f"Task {task}: plan this part of a small shop."))
        graph.add_edge(START, task)
        graph.add_edge(task, "review")
    return graph.compile().invoke({"texts": []})["texts"]


WAYS = {"threads": with_threads, "asyncio": with_asyncio, "langgraph": with_langgraph}

if __name__ == "__main__":
    way = WAYS.get(sys.argv[1] if len(sys.argv) == 2 else "")
    if way is None:
        sys.exit(__doc__)
    # Without a key the models are a server on this machine.
    if "OPENAI_API_KEY" not in os.environ and "ANTHROPIC_API_KEY" not in os.environ:
        models = Path(__file__).resolve().parent.parent / "models" / "run.mjs"
        os.execvp("node", ["node", str(models), sys.executable, *sys.argv])
    print(f"{len(way())} answers")
