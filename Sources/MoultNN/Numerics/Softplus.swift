import MoultCore

/// Returns ln(1 + e^x) for each element, without overflow for large x.
func softplus(_ x: Tensor) -> Tensor { relu(x) + log(1 + exp(-abs(x))) }
