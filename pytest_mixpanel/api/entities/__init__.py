"""The entities of a project as they travel, one module each: what answers hold, what requests hold.

What their methods are is in ``api.surfaces``, a module of the same name each, which imports none of these:
models are loaded when a method of theirs is first called.
"""
