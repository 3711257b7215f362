"""The base layer: number types, Tensors, Parameters, the record of a computation, and what an op is (but no particular op)."""
