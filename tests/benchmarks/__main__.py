"""All measurements: ``python -m tests.benchmarks [queries|imports …]``.

They report; nothing is asserted on time.
"""

from __future__ import annotations

import sys

from tests.benchmarks import first_answer, first_request, imports, plugin_cost, queries

if __name__ == "__main__":
    if sys.argv[1:2] == ["queries"]:
        queries.main(sys.argv[2:])
    elif sys.argv[1:2] == ["imports"]:
        imports.main(sys.argv[2:])
    else:
        plugin_cost.main()
        first_request.main()
        first_answer.main()
        imports.main([])
        queries.main([])
