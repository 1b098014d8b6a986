"""For those who write rules: lint, examples with coverage and mutation, and new rules to begin
with."""
