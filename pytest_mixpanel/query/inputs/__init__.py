"""What a caller writes: filters, breakdowns, metrics, funnel steps, retention events. All frozen."""
