import MoultCore

/// Collects the outputs of all passes in one tensor, `[passes, N, ...]`.
struct PassCollection: PassConsumer {
  private let passes: Int
  private let count: Int
  private var memory: Storage?
  private var shape: [Int] = []
  private var rows = 0..<0
  private var pass = 0

  init(passes: Int, count: Int) { (self.passes, self.count) = (passes, count) }

  let isSatisfied = false

  mutating func begin(rows: Range<Int>) { (self.rows, pass) = (rows, 0) }

  mutating func add(_ output: Tensor, passes: Int) {
    let output = output.values.contiguous(), bytes = output.dtype.byteCount
    let width = output.shape.dropFirst().reduce(1, *)
    let row = Array(output.shape.dropFirst())
    require(
      memory == nil || row == shape,
      "sampledOutputs: expected rows of shape \(shape) as in the passes before, got \(row)")
    let memory = memory ?? Storage(count: self.passes * count * width, dtype: output.dtype)
    (self.memory, shape) = (memory, row)
    let size = rows.count * width
    for number in 0..<passes {
      let to = ((pass + number) * count + rows.lowerBound) * width
      output.reshaped([output.count]).sliced(axis: 0, number * size..<(number + 1) * size).copyElements(
        to: memory.pointer + to * bytes)
    }
    pass += passes
  }

  mutating func end() {}

  func result() -> Tensor {
    guard let memory else { fatalError("sampledOutputs: no pass was made") }
    return Tensor(NDArray(storage: memory, shape: [passes, count] + shape))
  }
}
