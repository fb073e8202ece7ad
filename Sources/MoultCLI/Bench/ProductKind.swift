import ArgumentParser

/// The products of a linear layer with x: [M, K] and weight: [N, K].
enum ProductKind: String, CaseIterable, ExpressibleByArgument {
  /// `x weightᵀ`
  case forward
  /// `dy weight`
  case inputGradient = "input-gradient"
  /// `dyᵀ x`
  case weightGradient = "weight-gradient"
}

/// The code that computes a product.
enum ProductPath: String, CaseIterable, ExpressibleByArgument {
  /// A layer's own products, over weights in panels; they skip zeros.
  case linear
  /// The general matrix product.
  case matmul
}
