"""The examples of the manual: scripts of short blocks, each begun by a comment that says what it does.

Nothing imports them; ``manual/examples.py`` reads them, and the tests run every block on the demo project.
"""
