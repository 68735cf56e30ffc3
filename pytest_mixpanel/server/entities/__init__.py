"""The entities of a local project, served from the declarations that the client calls.

``serving`` answers requests for them; it and the modules that hold models are loaded by the first one.
"""
