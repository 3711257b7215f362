"""Values and ops as such: types, Tensors, Parameters, the record of a computation, what an op is.  Knows no op by name."""
