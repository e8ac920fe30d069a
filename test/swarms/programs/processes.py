"""One Python process per NAME, each asks twice by urllib."""
import subprocess
import sys
from pathlib import Path

program = Path(__file__).with_name("urllib_threads.py")
children = [subprocess.Popen([sys.executable, program, name], stdout=subprocess.PIPE, text=True) for name in sys.argv[1:]]
for child in children:
    print(child.communicate()[0], end="")
sys.exit(max(child.returncode for child in children))
