import ArgumentParser

/// The three products of a linear layer with input `x: [M, K]`, output gradient `dy: [M, N]` and `weight: [N, K]`.
enum ProductKind: String, CaseIterable, ExpressibleByArgument {
  /// The output, `x weightᵀ`.
  case forward
  /// The gradient by the input, `dy weight`.
  case inputGradient = "input-gradient"
  /// The gradient by the weights, `dyᵀ x`.
  case weightGradient = "weight-gradient"
}

/// The code that computes a product.
enum ProductPath: String, CaseIterable, ExpressibleByArgument {
  /// The products of a linear layer, with packed weights; they skip zeros.
  case linear
  /// The general matrix product, which skips nothing.
  case matmul
}
