"""What a flow's conditions can be: their trees, the values that can reach them, and proofs."""
