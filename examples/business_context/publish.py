"""Keep the project's business context in a file: publish the file where the project says something else."""

import sys
from pathlib import Path

from pytest_mixpanel import Workspace

text = Path(__file__).with_name("context.md").read_text(encoding="utf-8")
project = sys.argv[1] if len(sys.argv) > 1 else "demo"

with Workspace(project=project, allow_writes=True) as ws:
    if ws.get_business_context().content == text:
        print("up to date")
    else:
        context = ws.set_business_context(text)
        print(f"published {context.character_count} characters")
