"""The page of a gate, its votes, what moved since a vote was opened, and the memo of a decision."""
