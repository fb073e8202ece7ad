import MoultCore

/// Keeps the outputs of all passes, `[samples, N, ...]`.
struct PassCollection: PassConsumer {
  private let samples: Int
  private let count: Int
  private var memory: Storage?
  private var shape: [Int] = []
  private var rows = 0..<0
  private var pass = 0

  init(samples: Int, count: Int) { (self.samples, self.count) = (samples, count) }

  let isSatisfied = false

  mutating func begin(rows: Range<Int>) { (self.rows, pass) = (rows, 0) }

  mutating func add(_ output: Tensor, passes: Int) {
    let output = output.values.contiguous(), bytes = output.dtype.byteCount
    let width = output.shape.dropFirst().reduce(1, *)
    let row = Array(output.shape.dropFirst())
    require(
      memory == nil || row == shape,
      "sampledOutputs: expected rows of shape \(shape) as in the passes before, got \(row)")
    let memory = memory ?? Storage(count: samples * count * width, dtype: output.dtype)
    (self.memory, shape) = (memory, row)
    let size = rows.count * width
    for number in 0..<passes {
      let to = ((pass + number) * count + rows.lowerBound) * width
      output.reshaped([output.count]).sliced(axis: 0, number * size..<(number + 1) * size).copyElements(to: memory.pointer + to * bytes)
    }
    pass += passes
  }

  mutating func end() {}

  func result() -> Tensor {
    guard let memory else { fatalError("sampledOutputs: no pass was made") }
    return Tensor(NDArray(storage: memory, shape: [samples, count] + shape))
  }
}
