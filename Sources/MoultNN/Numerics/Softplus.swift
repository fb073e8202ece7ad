import MoultCore

/// ln(1 + e^x) without overflow.
func softplus(_ x: Tensor) -> Tensor { relu(x) + log(1 + exp(-abs(x))) }
