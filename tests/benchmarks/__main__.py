"""All measurements: ``python -m tests.benchmarks``. They report; nothing is asserted on time."""

from __future__ import annotations

from tests.benchmarks import first_answer, plugin_cost

if __name__ == "__main__":
    plugin_cost.main()
    first_answer.main()
