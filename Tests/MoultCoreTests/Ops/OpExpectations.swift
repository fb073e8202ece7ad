import MoultCore
import MoultTestSupport

/// Shapes for an operation that takes one axis of any extent: extents of 0, 1 and more.
let someShapes: [[[Int]]] = [[[3]], [[2, 3]], [[1, 1]], [[2, 0, 3]], [[2, 1, 3]]]
/// Shapes of rank 2 and 3 for one input.
let matrixShapes: [[[Int]]] = [[[3, 4]], [[1, 1]], [[2, 3, 2]], [[0, 2]]]
/// Shapes of two inputs that broadcast.
let pairsOfShapes: [[[Int]]] = [
  [[2, 3], [2, 3]], [[2, 3], [3]], [[2, 1], [1, 3]], [[], [2]], [[0, 3], [1, 3]], [[1], [1]],
]

/// Expects that results and gradients are those of PyTorch, for all cases of an operation in ops.json.
func expectAgreesWithPyTorch(
  _ op: String, _ function: ([Tensor], OpReference.Attributes) -> Tensor
) throws {
  try expectEqual(OpReference.errors(op, function), [], op)
}

/// Expects that the gradients of a function agree with differences, in all layouts, for inputs of each of the shapes.
func expectGradients(_ name: String, _ inputs: [[[Int]]] = someShapes, _ function: ([Tensor]) -> Tensor) {
  for shapes in inputs {
    let tensors = shapes.enumerated().map { samples($1, seed: UInt64($0 + 1)) }
    expectEqual(gradientErrors(name, at: tensors, function), [], name)
  }
}

/// Expects elements of the same bits; all NaN are alike.
func expectElements(_ x: Tensor, _ expected: [Float], _ name: String) {
  func bits(_ x: [Float]) -> [UInt32] { x.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } }
  expectEqual(bits(x.scalars(as: Float.self)), bits(expected), name)
}

/// NaN, both infinities, a negative zero and a number.
let oddNumbers = Tensor([.nan, -.infinity, .infinity, -0.0, 5])
/// Integers that are not in order, with one twice.
let someIntegers = Tensor([3, 1, 2, 1] as [Int32], shape: [4])
