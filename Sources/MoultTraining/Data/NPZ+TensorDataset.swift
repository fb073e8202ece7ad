import MoultCore
import MoultFormats

extension NPZ {
  /// The recognized names of arrays, in the order in which they are searched.
  private static let conventions: [(inputs: String, labels: String, test: (inputs: String, labels: String)?)] = [
    ("x_train", "y_train", ("x_test", "y_test")),
    ("X_train", "y_train", ("X_test", "y_test")),
    ("train_images", "train_labels", ("test_images", "test_labels")),
    ("x", "y", nil), ("X", "y", nil), ("inputs", "labels", nil), ("data", "target", nil),
  ]

  /// Reads training data, and test data if there are any.
  ///
  /// The arrays are named `x_train`, `y_train`, `x_test`, `y_test` as in Keras (or `X_train`, `X_test`, or
  /// `train_images`, `train_labels`, `test_images`, `test_labels`). A file without test data may name them `x`, `y`, or
  /// `X`, `y`, or `inputs`, `labels`, or `data`, `target`. The first pair of names that the file has is used.
  ///
  /// - Inputs `[N, ...]`: `uint8` arrays are stored as bytes and converted to 0…1 when read; other integers, floats and
  ///   truth values become `float32`. A vector becomes `[N, 1]`.
  /// - Labels: Integers and truth values, `[N]` or `[N, 1]`, are class numbers from 0 and become `int32` `[N]`. Floats
  ///   are target values and become `float32` `[N, K]`; a vector becomes `[N, 1]`.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - limit: The maximum number of bytes of all arrays that are read.
  /// - Throws: An error of code `.badData` if names are missing, shapes do not match, or a float is not finite in 32
  ///   bits; of code `.noInput` if the file cannot be read.
  public static func dataset(_ path: String, limit: Int = NPY.defaultLimit) throws(MoultError) -> DatasetParts {
    let archive = try NPZArchive(path)
    let names = Set(archive.names)
    guard let found = conventions.first(where: { names.contains($0.inputs) && names.contains($0.labels) }) else {
      let pairs = conventions.map { "\($0.inputs) and \($0.labels)" }.joined(separator: ", or ")
      throw MoultError(
        .badData,
        "NPZ: expected arrays named \(pairs); got \(archive.names.isEmpty ? "none" : archive.names.joined(separator: ", "))",
        location: path)
    }
    var rest = limit
    func part(_ inputs: String, _ labels: String) throws(MoultError) -> TensorDataset {
      // The sizes are checked before the arrays are read. Arrays of rank 0 are refused below.
      if let inputCount = try archive.shape(of: inputs).first, let labelCount = try archive.shape(of: labels).first,
        inputCount != labelCount
      {
        throw MoultError(
          .badData, "NPZ: expected as many \(labels) as \(inputs), got \(labelCount) and \(inputCount)", location: path)
      }
      let x = try archive.read(inputs, limit: rest)
      rest -= x.count * x.dtype.byteCount
      let y = try archive.read(labels, limit: rest)
      rest -= y.count * y.dtype.byteCount
      return try TensorDataset(
        inputs: SampleArrays.inputs(x, "\(path), \(inputs)", format: "NPZ: "),
        labels: SampleArrays.labels(y, "\(path), \(labels)", format: "NPZ: "))
    }
    let train = try part(found.inputs, found.labels)
    var used = [found.inputs, found.labels]
    var test: TensorDataset?
    if let other = found.test, names.contains(other.inputs) || names.contains(other.labels) {
      let part = try part(other.inputs, other.labels)
      try check(part, against: train, names: (found.inputs, other.inputs), location: path)
      used += [other.inputs, other.labels]
      test = part
    }
    return DatasetParts(train: train, test: test, passedOver: archive.names.filter { !used.contains($0) })
  }

  /// Reads samples to predict: the inputs of the test data if the file has them, else the inputs of the training data,
  /// else the only array of the file. Labels are not read.
  ///
  /// - Throws: An error of code `.badData` if no array has a name that ``dataset(_:limit:)`` recognizes, or a float is
  ///   not finite; of code `.noInput` if the file cannot be read.
  package static func samples(_ path: String, limit: Int = NPY.defaultLimit) throws(MoultError) -> Tensor {
    let archive = try NPZArchive(path)
    let names = Set(archive.names), known = conventions.flatMap { [$0.test?.inputs, $0.inputs].compactMap { $0 } }
    guard let name = known.first(where: names.contains) ?? (archive.names.count == 1 ? archive.names[0] : nil) else {
      throw MoultError(
        .badData,
        "NPZ: expected an array named \(known.joined(separator: ", ")), or only one; got "
          + (archive.names.isEmpty ? "none" : archive.names.joined(separator: ", ")),
        location: path)
    }
    return try SampleArrays.inputs(archive.read(name, limit: limit), "\(path), \(name)", format: "NPZ: ")
  }

  /// Throws an error of code `.badData` if test and training data differ in type or in the shape of a sample.
  private static func check(
    _ test: TensorDataset, against train: TensorDataset, names: (train: String, test: String), location: String
  ) throws(MoultError) {
    let (trainInputs, testInputs) = (train.storedInputs, test.storedInputs)
    guard testInputs.shape.dropFirst() == trainInputs.shape.dropFirst(), testInputs.dtype == trainInputs.dtype else {
      throw MoultError(
        .badData,
        "NPZ: expected \(names.test) to have the type and sizes of \(names.train) but for the first, got "
          + "\(testInputs.dtype.rawValue) \(testInputs.shape) and \(trainInputs.dtype.rawValue) \(trainInputs.shape)",
        location: location)
    }
    guard test.labels.dtype == train.labels.dtype, test.labels.shape.dropFirst() == train.labels.shape.dropFirst()
    else {
      throw MoultError(
        .badData,
        "NPZ: expected labels of one kind for training and test, got \(train.labels.dtype.rawValue) "
          + "\(train.labels.shape) and \(test.labels.dtype.rawValue) \(test.labels.shape)",
        location: location)
    }
  }
}
