"""The Mixpanel HTTP API, declared once: endpoints, models, how answers are parsed."""
