"""One explanation, many faces: terminal, Markdown, HTML, JUnit, annotations, JSON lines."""
