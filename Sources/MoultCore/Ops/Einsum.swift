/// Computes sums of products of tensors, written with Einstein's convention: each letter names an axis, the same letter
/// the same axis in all tensors, and the axes whose letters the result does not have are summed.
///
///     einsum("ij,jk->ik", a, b)               // matrix product
///     einsum("bqd,bkd->bqk", queries, keys)   // scores of attention
///     einsum("bi,ij,bj->b", x, w, y)          // bilinear form
///     einsum("ij->j", x)                      // sums of columns
///
/// - Parameters:
///   - equation: the letters (a-z, A-Z) of each tensor, separated by commas, then `->` and the letters of the result.
///     Without `->`, the result has the letters that occur once, in alphabetical order. Spaces do not count.
///   - tensors: as many as the equation has, all of one floating-point dtype.
/// - Edge cases: stops the program for a letter twice in one tensor (a diagonal), for an ellipsis, and for axes of one
///   letter with different extents; an extent of 1 is not broadcast.
/// - Complexity: that of the matrix products: two tensors at a time, from the left.
public func einsum(_ equation: String, _ tensors: Tensor...) -> Tensor {
  let equation = EinsumEquation(equation, shapes: tensors.map(\.shape))
  for tensor in tensors { tensor.requireFloatingPoint("einsum") }
  var result = Labeled(tensors[0], equation.inputs[0])
  for (i, tensor) in tensors.enumerated().dropFirst() {
    let wanted = Set(equation.inputs[(i + 1)...].joined()).union(equation.output)
    let next = Labeled(tensor, equation.inputs[i])
    result = result.summed(keeping: wanted.union(next.letters))
      .contracted(with: next.summed(keeping: wanted.union(result.letters)), keeping: wanted)
  }
  return result.summed(keeping: Set(equation.output)).ordered(equation.output).tensor
}

/// The letters of an equation, checked against the shapes of the tensors.
private struct EinsumEquation {
  let inputs: [[Character]]
  let output: [Character]

  init(_ text: String, shapes: [[Int]]) {
    let compact = text.filter { $0 != " " }
    require(
      !compact.contains("."),
      "einsum: \"\(text)\" has an ellipsis, which is not supported; write a letter for each axis")
    let arrow = compact.firstRange(of: "->")
    let left = arrow.map { compact[..<$0.lowerBound] } ?? compact[...]
    inputs = left.split(separator: ",", omittingEmptySubsequences: false).map { Array($0) }
    let all = inputs.joined(), right = arrow.map { Array(compact[$0.upperBound...]) }
    output = right ?? Set(all).filter { letter in all.count { $0 == letter } == 1 }.sorted()
    for letter in Array(all) + output {
      require(
        letter.isASCII && letter.isLetter,
        "einsum: expected letters, commas and one -> in \"\(text)\", got \"\(letter)\"")
    }
    require(
      inputs.count == shapes.count, "einsum: \"\(text)\" names \(inputs.count) tensors, got \(shapes.count)")
    for letters in inputs + [output] {
      require(
        Set(letters).count == letters.count,
        "einsum: \"\(String(letters))\" in \"\(text)\" has a letter twice, a diagonal, which is not supported"
      )
    }
    var extents: [Character: Int] = [:]
    for (letters, shape) in zip(inputs, shapes) {
      require(
        letters.count == shape.count,
        "einsum: \"\(String(letters))\" in \"\(text)\" names \(letters.count) axes, got a tensor of shape \(shape)")
      for (letter, extent) in zip(letters, shape) {
        require(
          extents[letter, default: extent] == extent,
          "einsum: \"\(letter)\" in \"\(text)\" has the extents \(extents[letter] ?? 0) and \(extent); they must agree")
        extents[letter] = extent
      }
    }
    for letter in output {
      require(extents[letter] != nil, "einsum: \"\(letter)\" of the result in \"\(text)\" is in no tensor")
    }
  }
}

/// A tensor with a letter for each axis.
private struct Labeled {
  let tensor: Tensor
  let letters: [Character]

  init(_ tensor: Tensor, _ letters: [Character]) { (self.tensor, self.letters) = (tensor, letters) }

  /// Sums the axes whose letters are not in `kept`.
  func summed(keeping kept: Set<Character>) -> Labeled {
    let axes = letters.indices.filter { !kept.contains(letters[$0]) }
    return axes.isEmpty ? self : Labeled(tensor.sum(axes: axes), letters.filter { kept.contains($0) })
  }

  /// Returns the tensor with its axes in the order of `order`, which has the same letters.
  func ordered(_ order: [Character]) -> Labeled {
    guard order != letters else { return self }
    return Labeled(tensor.permuted(order.compactMap { letters.firstIndex(of: $0) }), order)
  }

  /// Multiplies two tensors and sums the letters that both have and `wanted` has not. The product is a matrix product
  /// for each value of the letters that both keep.
  func contracted(with other: Labeled, keeping wanted: Set<Character>) -> Labeled {
    let shared = letters.filter { other.letters.contains($0) }
    let batch = shared.filter { wanted.contains($0) }, summed = shared.filter { !wanted.contains($0) }
    let rows = letters.filter { !shared.contains($0) }, columns = other.letters.filter { !shared.contains($0) }
    let a = ordered(batch + rows + summed), b = other.ordered(batch + summed + columns)
    if rows.isEmpty && columns.isEmpty || summed.isEmpty {
      // Without a sum, or with one number for each batch, a matrix product would be slower.
      let left = a.merged(batch.count, rows.count, summed.count),
        right = b.merged(batch.count, summed.count, columns.count)
      let product = summed.isEmpty ? left * right : (left.transposed() * right).sum(axis: -2).unsqueezed(axis: -2)
      return unmerged(product, batch, rows, columns, a, b)
    }
    let product = matmul(
      a.merged(batch.count, rows.count, summed.count), b.merged(batch.count, summed.count, columns.count))
    return unmerged(product, batch, rows, columns, a, b)
  }

  /// Returns the tensor with the `first` axes after the batch as one, and the `second` ones after them as another.
  private func merged(_ batch: Int, _ first: Int, _ second: Int) -> Tensor {
    let shape = tensor.shape, middle = batch + first
    let target = shape[..<batch] + [shape[batch..<middle].reduce(1, *), shape[middle...].reduce(1, *)]
    return Array(target) == shape ? tensor : tensor.reshaped(Array(target))
  }

  private func unmerged(
    _ product: Tensor, _ batch: [Character], _ rows: [Character], _ columns: [Character], _ a: Labeled, _ b: Labeled
  ) -> Labeled {
    let shape = a.tensor.shape[..<(batch.count + rows.count)] + b.tensor.shape.suffix(columns.count)
    return Labeled(Array(shape) == product.shape ? product : product.reshaped(Array(shape)), batch + rows + columns)
  }
}
