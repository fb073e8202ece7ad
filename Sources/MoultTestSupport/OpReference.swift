import MoultCore

/// A test case in Tests/Reference/ops.json: an operation, its arguments, and the results that PyTorch computes.
public struct OpReference: Decodable, Sendable {
  /// The name of the operation in PyTorch.
  public let op: String
  /// The tensor arguments.
  public let inputs: [Numbers]
  /// The other arguments.
  public let attributes: Attributes
  /// The result.
  public let output: Numbers
  /// The gradient of each input for the upstream gradient (1, 2, 3, …) / 7; nil for an input without a gradient.
  public let gradients: [Numbers?]

  /// The named arguments of an operation; those that it does not have are nil.
  public struct Attributes: Decodable, Sendable {
    /// The axis.
    public let axis: Int?
    /// The axes.
    public let axes: [Int]?
    /// Whether reduced axes are kept with extent 1.
    public let keepingDimensions: Bool?
    /// The number that is subtracted from the count to get the divisor of a variance.
    public let correction: Double?
    /// The exponent of a power.
    public let exponent: Double?
    /// The label smoothing of a loss.
    public let labelSmoothing: Double?
    /// The bounds that elements are clamped to.
    public let min: Double?, max: Double?
    /// Whether the largest elements come first.
    public let descending: Bool?
    /// A number of elements, parts, classes, copies or positions.
    public let count: Int?
    /// How often each axis is repeated, or the positions that are selected.
    public let counts: [Int]?
    /// The order of a norm; nil also for infinity.
    public let p: Double?
    /// The range of a vector of numbers.
    public let start: Double?, end: Double?, step: Double?
    /// How padding is filled, and its widths for the last axes.
    public let mode: String?, widths: [[Int]]?
    /// The number that elements are filled with.
    public let number: Double?
    /// The settings of a sliding window.
    public let kernel: [Int]?, dilation: [Int]?, padding: [Int]?, stride: [Int]?, size: [Int]?
    /// The diagonal where a triangle ends.
    public let diagonal: Int?
    /// The extents of the parts.
    public let sizes: [Int]?
    /// The equation of an einsum.
    public let equation: String?
  }

  /// A tensor in the file, with its shape, values and type.
  public struct Numbers: Decodable, Sendable {
    /// The tensor.
    public let tensor: Tensor

    private enum Key: CodingKey { case shape, values, dtype }

    /// Decodes a tensor.
    public init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      let shape = try fields.decode([Int].self, forKey: .shape), name = try fields.decode(String.self, forKey: .dtype)
      guard let dtype = DType(rawValue: name) else {
        throw DecodingError.dataCorruptedError(forKey: .dtype, in: fields, debugDescription: "unknown type \(name)")
      }
      tensor =
        dtype == .bool
        ? Tensor(try fields.decode([Bool].self, forKey: .values), shape: shape)
        : Tensor(try fields.decode([Double?].self, forKey: .values).map { $0 ?? .nan }, shape: shape).cast(to: dtype)
    }
  }

  private struct File: Decodable { let cases: [OpReference] }

  private static let all = Result { try ReferenceFiles.decode(File.self, from: "ops.json").cases }

  /// Compares `function` with PyTorch on all cases of `op`, results and gradients.
  ///
  /// The maximum error is 1e-12 absolute and relative in Float64, and 1e-6 absolute plus 2e-6 relative in Float32.
  ///
  /// - Parameters:
  ///   - op: The name of the operation in PyTorch.
  ///   - included: Whether to check a case.
  ///   - function: The function to check. Arguments: the tensors and the other arguments.
  /// - Returns: A message for each error; empty if there is none.
  /// - Throws: An error if the file cannot be read or decoded.
  public static func errors(
    _ op: String, where included: (OpReference) -> Bool = { _ in true },
    _ function: ([Tensor], Attributes) -> Tensor
  ) throws -> [String] {
    let cases = try all.get().filter { $0.op == op && included($0) }
    guard !cases.isEmpty else { return ["ops.json has no case of \(op)"] }
    return cases.enumerated().flatMap { number, known in
      known.errors(function).map { "\(op), case \(number): \($0)" }
    }
  }

  private func errors(_ function: ([Tensor], Attributes) -> Tensor) -> [String] {
    let arguments = inputs.map { $0.tensor.dtype.isFloatingPoint ? $0.tensor.requiringGradient() : $0.tensor }
    let result = function(arguments, attributes)
    let exact = result.dtype != .float32
    func differences(_ a: Tensor, _ b: Tensor) -> [String] {
      mismatches(a, b, absolute: exact ? 1e-12 : 1e-6, relative: exact ? 1e-12 : 2e-6)
    }
    let found = differences(result, output.tensor).map { "result: \($0)" }
    guard gradients.contains(where: { $0 != nil }) else { return found }
    let upstream = Tensor((0..<result.count).map { Double($0 + 1) / 7 }, shape: result.shape).cast(to: result.dtype)
    result.backward(gradient: upstream)
    return found
      + zip(arguments, gradients).enumerated().flatMap { i, pair in
        guard let known = pair.1 else { return [String]() }
        guard let gradient = pair.0.gradient else { return ["input \(i) got no gradient"] }
        return differences(gradient, known.tensor).map { "gradient of input \(i): \($0)" }
      }
  }
}
