import Moult
import MoultTestSupport
import Testing

@Suite struct StoredDatasetTests {
  private static let floats = Tensor.randomNormal([50, 2, 3], seed: 1)
  private static let bytes = Tensor((0..<300).map { UInt8($0 % 256) }, shape: [50, 6])
  private static let classes = Tensor((0..<50).map { Int64($0 % 7) }, shape: [50])
  private static let values = Tensor.randomNormal([50, 2], dtype: .float64, seed: 2)

  @Test func batchesAreThoseOfTheArraysInMemory() throws {
    let doubles = Tensor.randomNormal([50], dtype: .float64, seed: 3),
      flags = Tensor((0..<50).map { $0.isMultiple(of: 3) }, shape: [50])
    let cases = [
      (Self.floats, Self.classes), (Self.bytes, Self.values), (doubles, flags), (Self.classes, doubles),
    ]
    try withTemporaryFolder { folder in
      for (x, y) in cases {
        let (npz, npy) = (folder + "/data.npz", folder + "/x.npy")
        try NPZ.write(["x": x, "y": y], to: npz)
        try NPY.write(x, to: npy)
        let archive = try NPZArchive(npz), arrays = try NPZ.dataset(npz).train
        for blockSize in [1, 7, 50, 1_000] {
          try expectSameBatches(
            StoredDataset(
              inputs: archive.open("x"), labels: archive.open("y"), blockSize: blockSize, bufferedBlocks: 2), arrays)
        }
        try expectSameBatches(StoredDataset(inputs: StoredArray(npy: npy), labels: archive.open("y")), arrays)
      }
    }
  }

  @Test func filesOfMNISTAndOfBigEndianMachinesAreRead() throws {
    try withTemporaryFolder { folder in
      for x in [Self.bytes, Self.floats, Tensor.randomNormal([50, 1], dtype: .float64, seed: 4)] {
        try IDX.write(x, to: folder + "/x")
        try IDX.write(Self.classes.cast(to: .uint8), to: folder + "/y")
        let data = try StoredDataset(
          inputs: StoredArray(idx: folder + "/x"), labels: StoredArray(idx: folder + "/y"), blockSize: 8)
        let inputs = x.dtype == .float64 ? x.cast(to: .float32) : x
        try expectSameBatches(data, TensorDataset(inputs: inputs, labels: Self.classes.cast(to: .int32)))
      }
    }
    // NumPy's types in both byte orders; arrays in Fortran order are refused.
    let archive = try NPZArchive(reference("npy/every_type.npz"))
    var read = 0
    for name in archive.names {
      let whole = try archive.read(name)
      guard let stored = try? archive.open(name), whole.shape[0] > 0 else { continue }
      expectEqual(stored.dtype, whole.dtype)
      expectEqual(try stored.rows(0..<whole.shape[0]), whole)
      let last = whole.shape[0] - 1
      expectEqual(try stored.rows(last..<(last + 1)), whole[last..<(last + 1)])
      read += 1
    }
    expectAtLeast(read, 20)
  }

  @Test func trainingFromAFileGivesTheWeightsOfTheArrays() throws {
    try withTemporaryFolder { folder in
      let points = TrainingFixture.points(60)
      try NPZ.write(["x": points.inputs, "y": points.labels], to: folder + "/points.npz")
      let archive = try NPZArchive(folder + "/points.npz")
      let data = try StoredDataset(
        inputs: archive.open("x"), labels: archive.open("y"), blockSize: 7, bufferedBlocks: 3)
      expectEqual(data.shuffling, .blocks(of: 7, buffered: 3))
      expectEqual(data.prefetchedBatches, 8)
      let (model, other) = (TrainingFixture.model(), TrainingFixture.model())
      try TrainingFixture.trainer(model).fit(data, validation: data, epochs: 3, batchSize: 8)
      try TrainingFixture.trainer(other).fit(
        OwnDataset(base: points, shuffling: data.shuffling), epochs: 3, batchSize: 8)
      expectEqual(TrainingFixture.bits(model), TrainingFixture.bits(other))
    }
  }

  @Test func whatCannotBeReadInStretchesIsRefused() throws {
    try withTemporaryFolder { folder in
      try NPY.write(Self.floats, to: folder + "/x.npy.gz")
      try NPZ.write(["x": Self.floats, "short": Self.values[0..<49]], to: folder + "/data.npz")
      try place(Array(NPY.encode(Self.floats).dropLast()), at: folder + "/cut.npy")
      try place(NPY.encode(Tensor(1.0)), at: folder + "/scalar.npy")
      let archive = try NPZArchive(folder + "/data.npz")
      let packed = try NPZArchive(reference("npy/every_type_packed.npz")).names[0]
      let cases: [(String, () throws -> Void)] = [
        ("got gzip; decompress it with gunzip", { _ = try StoredArray(npy: folder + "/x.npy.gz") }),
        (
          "expected 1200 bytes of numbers for sizes [50, 2, 3], got 1199",
          { _ = try StoredArray(npy: folder + "/cut.npy") }
        ),
        ("got a single number", { _ = try StoredArray(npy: folder + "/scalar.npy") }),
        (
          "got Fortran order; save it with numpy.ascontiguousarray(x)",
          {
            _ = try StoredArray(npy: reference("npy/fortran_block.npy"))
          }
        ),
        (
          "got deflate; save it with numpy.savez instead",
          { _ = try NPZArchive(reference("npy/every_type_packed.npz")).open(packed) }
        ),
        ("expected an array \"z\"", { _ = try archive.open("z") }),
        (
          "expected as many labels as inputs, at least 1, got 49 and 50",
          {
            _ = try StoredDataset(inputs: archive.open("x"), labels: archive.open("short"))
          }
        ),
      ]
      for (message, body) in cases {
        let error = try moultError(from: body)
        expectTrue(error.message.contains(message) && error.location != nil, "\(error)")
        expectEqual(error.code, .badData)
      }
    }
  }

  @Test func damagedAndChangedFilesAreNamed() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.npy", labels = folder + "/y.npy"
      var numbers = Self.floats.scalars(as: Float.self)
      numbers[33 * 6 + 2] = .nan
      try NPY.write(Tensor(numbers, shape: [50, 6]), to: path)
      try NPY.write(Self.classes * -1, to: labels)
      let inputs = try StoredArray(npy: path)
      let data = try StoredDataset(inputs: inputs, labels: inputs, blockSize: 10)
      let wrong = try moultError { _ = try data.batch(at: [31]) }
      expectTrue(wrong.message.contains("got nan in row 33"), "\(wrong)")
      expectEqual(wrong.location, path)
      let negative = try StoredDataset(inputs: inputs, labels: StoredArray(npy: labels), blockSize: 1)
      try expectTrue(moultError { _ = try negative.batch(at: [3]) }.message.contains("got the label -3"))
      // A block in memory is not read again; others are, and then the file has to be the one that was opened.
      _ = try data.batch(at: [1])
      try place(Array(contents(path).dropLast(4)), at: path)
      _ = try data.batch(at: [9])
      let changed = try moultError { _ = try data.batch(at: [10]) }
      expectTrue(changed.message.contains("got one that was changed since"), "\(changed)")
      expectEqual(changed.location, path)
    }
  }
}
