import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct NPZTensorDatasetTests {
  private static let images = Tensor((0..<12).map { UInt8($0 * 20) }, shape: [3, 2, 2])
  private static let classes = Tensor([2, 0, 1] as [Int64], shape: [3])

  private func dataset(_ arrays: [String: Tensor], limit: Int = NPY.defaultLimit) throws -> DatasetParts {
    try withTemporaryFolder { folder in
      try NPZ.write(arrays, to: folder + "/data.npz")
      return try NPZ.dataset(folder + "/data.npz", limit: limit)
    }
  }

  private func refusal(_ arrays: [String: Tensor]) throws -> MoultError {
    let error = try moultError { _ = try dataset(arrays) }
    expectEqual(error.exitCode, 65)
    return error
  }

  @Test func kerasNamesGiveBothParts() throws {
    let parts = try dataset([
      "x_train": Self.images, "y_train": Self.classes, "x_test": Self.images,
      "y_test": Tensor([0, 0, 1] as [UInt8], shape: [3, 1]), "x_val": Self.images,
    ])
    expectEqual(parts.train.labels, Tensor([2, 0, 1] as [Int32], shape: [3]))
    expectEqual(parts.test?.labels, Tensor([0, 0, 1] as [Int32], shape: [3]))
    expectEqual(parts.passedOver, ["x_val"])
    expectTrue(parts.classNames.isEmpty)
  }

  @Test(arguments: [
    ("x", "y"), ("X", "y"), ("inputs", "labels"), ("data", "target"), ("X_train", "y_train"),
    ("train_images", "train_labels"),
  ]) func everyPairOfNamesIsKnown(inputs: String, labels: String) throws {
    let parts = try dataset([inputs: Self.images, labels: Self.classes])
    expectEqual(parts.train.count, 3)
    expectNil(parts.test)
    expectTrue(parts.passedOver.isEmpty)
  }

  @Test func bytesAreReadBetweenZeroAndOne() throws {
    let train = try dataset(["x": Self.images, "y": Self.classes]).train
    expectEqual(train.inputs.shape, [3, 2, 2])
    expectEqual(train.inputs, Tensor((0..<12).map { Float($0 * 20) / 255 }, shape: [3, 2, 2]))
  }

  @Test func otherInputsBecomeFloats() throws {
    let doubles = Tensor([0.1, 0.2, 0.3] as [Double], shape: [3])
    try expectEqual(
      dataset(["x": doubles, "y": Self.classes]).train.inputs, Tensor([0.1, 0.2, 0.3] as [Float], shape: [3, 1]))
    let flags = Tensor([true, false, true] as [Bool], shape: [3, 1])
    try expectEqual(
      dataset(["x": flags, "y": Self.classes]).train.inputs, Tensor([1, 0, 1] as [Float], shape: [3, 1]))
  }

  @Test func floatLabelsAreValuesToPredict() throws {
    let one = try dataset(["x": Self.images, "y": Tensor([0.5, 1, 2] as [Double], shape: [3])]).train.labels
    expectEqual(one, Tensor([0.5, 1, 2] as [Float], shape: [3, 1]))
    let several = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])
    try expectEqual(dataset(["x": Self.images, "y": several]).train.labels, several)
  }

  @Test func truthValuesAreTwoClasses() throws {
    let labels = try dataset(["x": Self.images, "y": Tensor([true, false, true] as [Bool], shape: [3])]).train.labels
    expectEqual(labels, Tensor([1, 0, 1] as [Int32], shape: [3]))
  }

  @Test func labelsThatAreNoClassesAreRefused() throws {
    let negative = try refusal(["x": Self.images, "y": Tensor([0, -1, 1] as [Int32], shape: [3])])
    expectTrue(negative.message.contains("whole numbers from 0 to 999, got the label -1"))
    let hot = try refusal(["x": Self.images, "y": Tensor([1, 0, 0, 1, 0, 1] as [UInt8], shape: [3, 2])])
    expectTrue(hot.message.contains("y.argmax(axis=1)"))
  }

  @Test func numbersThatAreNotFiniteAreNamedByTheirRow() throws {
    let inputs = try refusal(["x": Tensor([[1, 2], [3, .nan], [5, 6]]), "y": Self.classes])
    expectTrue(inputs.message.contains("got nan in row 1"), "\(inputs)")
    expectEqual(inputs.location?.hasSuffix("data.npz, x"), true)
    let labels = try refusal(["x": Self.images, "y": Tensor([1, 2, 1e300] as [Double], shape: [3])])
    expectTrue(labels.message.contains("got 1e+300 in row 2"), "\(labels)")
  }

  @Test func samplesToBeAnsweredNeedNoLabels() throws {
    func samples(_ arrays: [String: Tensor]) throws -> Tensor {
      try withTemporaryFolder { folder in
        try NPZ.write(arrays, to: folder + "/data.npz")
        return try NPZ.samples(folder + "/data.npz")
      }
    }
    let (all, some) = (Self.images, Self.images[0..<2])
    try expectEqual(samples(["x": all]), all)
    try expectEqual(samples(["features": some]), some)
    try expectEqual(samples(["x_train": all, "y_train": Self.classes, "x_test": some]), some)
    let error = try moultError { _ = try samples(["a": all, "b": some]) }
    expectTrue(error.exitCode == 65 && error.message.hasSuffix("or only one; got a, b"), "\(error)")
  }

  @Test func missingNamesAreAnsweredWithThoseThatAreThere() throws {
    let error = try refusal(["features": Self.images])
    expectTrue(error.message.contains("x_train and y_train, or "))
    expectTrue(error.message.contains("data and target; got features"))
    let half = try refusal(["x_train": Self.images, "y_train": Self.classes, "x_test": Self.images])
    expectTrue(half.message.contains("expected an array \"y_test\""))
  }

  @Test func numbersThatAreNoClassesAreRefused() throws {
    let years = try refusal(["x": Self.images, "y": Tensor([0, 1000, 1] as [Int32], shape: [3])])
    expectTrue(years.message.contains("from 0 to 999, got the label 1000"))
    try expectEqual(dataset(["x": Self.images, "y": Tensor([0, 999, 1] as [Int32], shape: [3])]).train.count, 3)
  }

  @Test func theLimitIsOneForAllParts() throws {
    let arrays = ["x": Self.images, "y": Self.classes]
    try expectEqual(dataset(arrays, limit: 36).train.count, 3)
    try expectTrue(moultError { _ = try dataset(arrays, limit: 35) }.message.contains("at most 23 bytes"))
  }

  @Test func sizesAreComparedBeforeNumbersAreRead() throws {
    let more = ["x": Self.images, "y": Tensor([0, 1] as [Int32], shape: [2])]
    try expectTrue(
      moultError { _ = try dataset(more, limit: 1) }.message.contains("expected as many y as x, got 2 and 3"))
  }

  @Test func sizesThatDisagreeAreRefused() throws {
    let count = try refusal(["x": Self.images, "y": Tensor([0, 1] as [Int32], shape: [2])])
    expectTrue(count.message.contains("expected as many y as x, got 2 and 3"))
    let training = ["x_train": Self.images, "y_train": Self.classes]
    let size = try refusal(
      training.merging(["x_test": Self.images.reshaped([3, 4]), "y_test": Self.classes]) { $1 })
    expectTrue(size.message.contains("expected x_test to have the type and sizes of x_train"))
    let kind = try refusal(
      training.merging(["x_test": Self.images, "y_test": Tensor([1, 2, 3])]) { $1 })
    expectTrue(kind.message.contains("labels of one kind"))
    let empty = try refusal(["x": Tensor([] as [Float], shape: [0, 2]), "y": Tensor([] as [Int32], shape: [0])])
    expectTrue(empty.message.contains("inputs [N, ...]"), "\(empty)")
  }
}
