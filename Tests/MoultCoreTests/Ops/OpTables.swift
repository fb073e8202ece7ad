import MoultCore
import MoultTestSupport

/// The operations that are tested by tables instead of a file of tests for each.
///
/// Every operation has a row in `references`, and every one with a gradient rows in `gradients`. A property or a
/// message of a single operation is a test of OpTableTests.
enum OpTables {
  typealias Function = @Sendable ([Tensor], OpReference.Attributes) -> Tensor

  /// A function that is compared with PyTorch's results and gradients in ops.json.
  struct Reference: Sendable {
    /// The name of the source file in `Sources/MoultCore/Ops`, without the ending.
    let file: String
    /// The operation's name in ops.json.
    let op: String
    let function: Function

    init(_ file: String, _ op: String, _ function: @escaping Function) {
      (self.file, self.op, self.function) = (file, op, function)
    }
  }

  static let references: [Reference] = [
    Reference("Clamp", "clamp") { x, known in clamp(x[0], min: known.min, max: known.max) },
    Reference("Minimum", "minimum") { x, _ in minimum(x[0], x[1]) },
    Reference("Maximum", "maximum") { x, _ in maximum(x[0], x[1]) },
    Reference("Sin", "sin") { x, _ in sin(x[0]) },
    Reference("Cos", "cos") { x, _ in cos(x[0]) },
    Reference("CompoundAssignment", "assignments") { x, _ in assigned(x[0], x[1]) },
    Reference("Pow", "pow_base") { x, known in pow(known.exponent ?? 0, x[0]) },
    Reference("Sort", "sort") { x, known in
      x[0].sorted(axis: known.axis ?? 0, descending: known.descending ?? false).values
    },
    Reference("Sort", "argsort") { x, known in
      x[0].sorted(axis: known.axis ?? 0, descending: known.descending ?? false).indices
    },
    Reference("TopK", "topk") { x, known in
      x[0].topK(known.count ?? 0, axis: known.axis ?? 0, largest: known.descending ?? true).values
    },
    Reference("TopK", "topk_indices") { x, known in
      x[0].topK(known.count ?? 0, axis: known.axis ?? 0, largest: known.descending ?? true).indices
    },
    Reference("ArgMin", "argmin") { x, known in x[0].argmin(axis: known.axis ?? 0) },
    Reference("Cumsum", "cumsum") { x, known in x[0].cumsum(axis: known.axis ?? 0) },
    Reference("Cumprod", "cumprod") { x, known in x[0].cumprod(axis: known.axis ?? 0) },
    Reference("Norm", "norm") { x, known in
      x[0].norm(known.p ?? .infinity, axes: known.axes, keepingDimensions: known.keepingDimensions ?? false)
    },
    Reference("OneHot", "one_hot") { x, known in oneHot(x[0], classes: known.count ?? 0, dtype: .int64) },
    Reference("Pad", "pad") { x, known in
      let mode: PaddingMode =
        known.mode == "reflect" ? .reflect : known.mode == "replicate" ? .replicate : .constant(known.number ?? 0)
      return x[0].padded((known.widths ?? []).map { (before: $0[0], after: $0[1]) }, mode: mode)
    },
    Reference("Unfold", "unfold") { x, known in
      unfold(
        x[0], kernel: known.kernel ?? [], dilation: known.dilation, padding: known.padding, stride: known.stride)
    },
    Reference("Fold", "fold") { x, known in
      fold(
        x[0], size: known.size ?? [], kernel: known.kernel ?? [], dilation: known.dilation, padding: known.padding,
        stride: known.stride)
    },
    Reference("Scatter", "scatter") { x, known in scatter(x[0], x[1], x[2], axis: known.axis ?? 0) },
    Reference("Scatter", "scatter_add") { x, known in scatterAdd(x[0], x[1], x[2], axis: known.axis ?? 0) },
    Reference("Tril", "tril") { x, known in x[0].tril(diagonal: known.diagonal ?? 0) },
    Reference("Tril", "triu") { x, known in x[0].triu(diagonal: known.diagonal ?? 0) },
    Reference("Split", "split") { x, known in
      concatenate(x[0].split(sizes: known.sizes ?? [], axis: -1).reversed(), axis: -1)
    },
    Reference("Split", "split_size") { x, known in
      concatenate(x[0].split(size: known.count ?? 1, axis: 1).map { $0.sum(axis: 1) })
    },
    Reference("Split", "chunk") { x, known in stack(x[0].chunk(known.count ?? 1, axis: -1).map { $0.sum(axis: 2) }) },
    Reference("Tile", "tile") { x, known in x[0].tiled(known.counts ?? []) },
    Reference("Tile", "repeat_interleave") { x, known in
      x[0].repeatInterleave(known.count ?? 1, axis: known.axis ?? 0)
    },
    Reference("Roll", "roll") { x, known in x[0].rolled(by: known.count ?? 0, axis: known.axis ?? 0) },
    Reference("Flip", "flip") { x, known in x[0].flipped(axes: known.axes ?? []) },
    Reference("IndexSelect", "index_select") { x, known in
      x[0].indexSelect(known.counts ?? [], axis: known.axis ?? 0)
    },
    Reference("MaskedFill", "masked_fill") { x, known in x[0].maskedFill(x[1], with: known.number ?? 0) },
    Reference("MaskedSelect", "masked_select") { x, _ in x[0].maskedSelect(x[1]) },
    Reference("Einsum", "einsum") { x, known in
      switch x.count {
      case 1: einsum(known.equation ?? "", x[0])
      case 2: einsum(known.equation ?? "", x[0], x[1])
      default: einsum(known.equation ?? "", x[0], x[1], x[2])
      }
    },
  ]

  private static func assigned(_ a: Tensor, _ b: Tensor) -> Tensor {
    var y = a
    y += b
    y -= 2
    y *= a
    y /= b + 5
    y -= b
    y += 1
    y *= 3
    y /= 4
    return y
  }

  /// A function whose gradients are compared with differences, in all layouts, for inputs of the given shapes.
  struct Gradient: Sendable {
    let name: String
    let inputs: [[[Int]]]
    let function: @Sendable ([Tensor]) -> Tensor

    init(_ name: String, _ inputs: [[[Int]]], _ function: @escaping @Sendable ([Tensor]) -> Tensor) {
      (self.name, self.inputs, self.function) = (name, inputs, function)
    }
  }

  /// Shapes that an axis of any operation can be taken from: extents of 0, 1 and more.
  private static let some: [[[Int]]] = [[[3]], [[2, 3]], [[1, 1]], [[2, 0, 3]], [[2, 1, 3]]]

  static let gradients: [Gradient] = [
    Gradient("clamp", some + [[[]]]) { clamp($0[0], min: -1, max: 0.5) },
    Gradient("minimum", pairs) { minimum($0[0], $0[1]) },
    Gradient("maximum", pairs) { maximum($0[0], $0[1]) },
    Gradient("maximum with a number", some) { maximum($0[0], 0.25) },
    Gradient("minimum with a number", some) { minimum($0[0], -0.25) },
    Gradient("sin", some + [[[]]]) { sin($0[0]) },
    Gradient("cos", some + [[[]]]) { cos($0[0]) },
    Gradient("a number to a power", some) { pow(2, $0[0]) },
    Gradient("sorted", some) { $0[0].sorted().values },
    Gradient("sorted, axis 0", some) { $0[0].sorted(axis: 0, descending: true).values },
    Gradient("topK", some) { $0[0].topK($0[0].shape[0] / 2, axis: 0).values },
    Gradient("cumsum", some) { $0[0].cumsum(axis: -1) },
    Gradient("cumsum, axis 0", some) { $0[0].cumsum(axis: 0) },
    Gradient("cumprod", some) { $0[0].cumprod(axis: -1) },
    Gradient("cumprod, axis 0", some) { $0[0].cumprod(axis: 0) },
    Gradient("cumprod with zeros", [[[2, 4]]]) { ($0[0] * zeros.cast(to: $0[0].dtype)).cumprod(axis: 1) },
    Gradient("norm 1", some + [[[]]]) { $0[0].norm(1) },
    Gradient("norm 2", some) { $0[0].norm(axes: [-1]) },
    Gradient("norm 3", some) { $0[0].norm(3, axes: [0], keepingDimensions: true) },
    Gradient("norm 1.5", [[[2, 3, 2]]]) { $0[0].norm(1.5, axes: [0, -1]) },
    Gradient("norm of infinity", [[[2, 3, 2]], [[1]]]) { $0[0].norm(.infinity, axes: [-1]) },
    Gradient("padded", some) { $0[0].padded([(2, 1)], mode: .constant(3)) },
    Gradient("padded, reflect", [[[3]], [[3, 4]]]) { $0[0].padded([(2, 1)], mode: .reflect) },
    Gradient("padded, replicate", [[[3]], [[2, 1]]]) { $0[0].padded([(3, 2)], mode: .replicate) },
    Gradient("padded, two axes", [[[2, 3, 2]]]) { $0[0].padded([(2, 0), (1, 1)], mode: .reflect) },
    Gradient("unfold", [[[1, 2, 3, 4]], [[0, 1, 3, 3]]]) { unfold($0[0], kernel: [2, 3], padding: [1, 0]) },
    Gradient("unfold, signals", [[[2, 1, 5]]]) { unfold($0[0], kernel: [2], dilation: [3], stride: [1]) },
    Gradient("fold", [[[1, 4, 6]]]) { fold($0[0], size: [3, 4], kernel: [2, 2], dilation: [1, 1], stride: [1, 1]) },
    Gradient("fold, signals", [[[2, 2, 3]]]) { fold($0[0], size: [5], kernel: [2], padding: [1], stride: [2]) },
    Gradient("scatter", [[[3, 3], [3, 2]], [[3, 3], [1]]]) { scatter($0[0], repeatedPlaces, $0[1], axis: 1) },
    Gradient("scatterAdd", [[[3, 3], [3, 2]], [[3, 3], [2]]]) { scatterAdd($0[0], repeatedPlaces, $0[1], axis: -1) },
    Gradient("tril", matrices) { $0[0].tril() },
    Gradient("triu", matrices) { $0[0].triu(diagonal: 1) },
    Gradient("split", some) { $0[0].split(size: 2, axis: -1).last ?? $0[0] },
    Gradient("chunk", some) { $0[0].chunk(2)[0] },
    Gradient("tiled", some) { $0[0].tiled([2, 1, 3]) },
    Gradient("repeatInterleave", some) { $0[0].repeatInterleave(2, axis: -1) },
    Gradient("rolled", some) { $0[0].rolled(by: 2, axis: -1) },
    Gradient("flipped", some) { $0[0].flipped(axes: [0]) },
    Gradient("indexSelect", [[[2, 3]], [[2, 3, 2]], [[0, 3]]]) { $0[0].indexSelect([2, 0, 2], axis: 1) },
    Gradient("maskedFill", matrices) { $0[0].maskedFill($0[0] .> 0, with: 3) },
    Gradient("maskedSelect", [[[2, 4]], [[2, 1]], [[1, 4]], [[]]]) { $0[0].maskedSelect(zeros .> 0) },
    Gradient("einsum, product", [[[2, 3], [3, 4]], [[2, 0], [0, 4]]]) { einsum("ij,jk->ki", $0[0], $0[1]) },
    Gradient("einsum, batch", [[[2, 2, 3], [2, 4, 3]]]) { einsum("bqd,bkd->bqk", $0[0], $0[1]) },
    Gradient("einsum, elements", [[[2, 3], [3, 2]]]) { einsum("ij,ji->i", $0[0], $0[1]) },
    Gradient("einsum, bilinear", [[[2, 3], [3, 2], [2, 2]]]) { einsum("bi,ij,bj->b", $0[0], $0[1], $0[2]) },
    Gradient("compound assignment", [[[2, 3], [3]]]) { assigned($0[0], $0[1]) },
    Gradient("select with numbers", matrices) { select($0[0] .> 0, 2, select($0[0] .< -1, $0[0] * 3, -1)) },
  ]

  private static let pairs: [[[Int]]] = [
    [[2, 3], [2, 3]], [[2, 3], [3]], [[2, 1], [1, 3]], [[], [2]], [[0, 3], [1, 3]], [[1], [1]],
  ]
  private static let matrices: [[[Int]]] = [[[3, 4]], [[1, 1]], [[2, 3, 2]], [[0, 2]]]
  private static let repeatedPlaces = Tensor([0, 0, 2, 1, 1, 1] as [Int32], shape: [3, 2])
  private static let zeros = Tensor([1, 0, 2, 3, 0, 1, 0, 2] as [Double], shape: [2, 4])
}
