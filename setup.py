"""Compiles the engine's kernels where a compiler is present; without one they run interpreted.

Everything else is in pyproject.toml. Set PYTEST_MIXPANEL_PURE=1 to install without compiling.
"""

import os
import sys
from pathlib import Path

from setuptools import Extension, setup

KERNELS = Path("pytest_mixpanel/engine/kernels")


def kernel_extensions() -> list[Extension]:
    if os.environ.get("PYTEST_MIXPANEL_PURE") or sys.byteorder == "big":  # texts are read in words of bytes
        return []
    from Cython.Build import cythonize

    modules = [
        Extension(
            f"pytest_mixpanel.engine.kernels.{source.stem}",
            [source.as_posix()],
            optional=True,  # a failed compilation warns and leaves the interpreted kernel in place
            extra_compile_args=[] if os.name == "nt" else ["-O3"],
        )
        for source in sorted(KERNELS.glob("[a-z]*.py"))
    ]
    directives = {"language_level": 3, "boundscheck": False, "wraparound": False, "cdivision": True}
    return cythonize(modules, compiler_directives=directives, build_dir="build/cython") if modules else []


setup(ext_modules=kernel_extensions())
