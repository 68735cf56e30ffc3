"""The Mixpanel HTTP API as a function from request to response over engine and stores."""
