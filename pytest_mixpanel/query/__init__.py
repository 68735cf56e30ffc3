"""The query language both sides speak: typed inputs, params JSON, logical plans, results as frames."""
