"""Compiles the engine's kernels where a compiler is present; without one they run interpreted.

Everything else is in pyproject.toml. Set PYTEST_MIXPANEL_PURE=1 to install without compiling.
"""

import os
import runpy
import sys
import threading
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

KERNELS = Path("pytest_mixpanel/engine/kernels")
BUILT = runpy.run_path(str(KERNELS / "_built.py"))
NOTING = threading.Lock()


class BuildKernels(build_ext):
    """Notes beside the compiled kernels what they were made of, and leaves none of another source."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count()

    def build_extension(self, ext: Extension) -> None:
        compiled, source = Path(self.get_ext_fullpath(ext.name)), _digest(ext)
        if BUILT["noted"](compiled.parent).get(compiled.name, source) != source:
            compiled.unlink(missing_ok=True)
        super().build_extension(ext)
        if compiled.exists():
            with NOTING:
                BUILT["note"](compiled.parent, compiled.name, source)

    def copy_extensions_to_source(self) -> None:
        super().copy_extensions_to_source()
        for ext in self.extensions:
            made = Path(self.build_lib, self.get_ext_filename(ext.name))
            if made.exists():
                BUILT["note"](KERNELS, made.name, _digest(ext))
            else:
                (KERNELS / made.name).unlink(missing_ok=True)


def _digest(ext: Extension) -> str:
    return BUILT["digest"](KERNELS / f"{ext.name.rpartition('.')[2]}.py")


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


setup(ext_modules=kernel_extensions(), cmdclass={"build_ext": BuildKernels})
