import MoultCore
import MoultFormats

/// A training set and a test set.
public struct DatasetPair: Sendable {
  /// The samples to train on.
  public let train: Dataset
  /// The samples to evaluate on.
  public let test: Dataset

  /// Makes a pair.
  public init(train: Dataset, test: Dataset) {
    self.train = train
    self.test = test
  }
}

/// The handwritten digits of LeCun, Cortes and Burges, and data sets in the same four files (Fashion-MNIST, KMNIST).
public enum MNIST {
  /// The four files of the set.
  package enum File: String, CaseIterable, Sendable {
    case trainImages = "train-images-idx3-ubyte"
    case trainLabels = "train-labels-idx1-ubyte"
    case testImages = "t10k-images-idx3-ubyte"
    case testLabels = "t10k-labels-idx1-ubyte"

    /// The names that the file goes by.
    var names: [String] {
      let dotted = rawValue.replacing("-idx", with: ".idx")
      return [rawValue, rawValue + ".gz", dotted, dotted + ".gz"]
    }
  }

  /// Whether the folder holds any of the four files.
  package static func hasFiles(in directory: String) -> Bool {
    File.allCases.contains { $0.names.contains { exists("\(directory)/\($0)") } }
  }

  /// Reads the four IDX files of a folder, gzip-compressed or not.
  ///
  /// - Returns: inputs `[N, height * width]`, kept as bytes and read in 0…1, and `int32` labels `[N]`.
  public static func load(from directory: String) throws(MoultError) -> DatasetPair {
    let images = (train: try read(.trainImages, in: directory), test: try read(.testImages, in: directory))
    let train = try dataset(images: images.train, labels: try read(.trainLabels, in: directory), in: directory)
    let test = try dataset(images: images.test, labels: try read(.testLabels, in: directory), in: directory)
    let sizes = (train: images.train.shape.dropFirst(), test: images.test.shape.dropFirst())
    guard sizes.train == sizes.test else {
      func text(_ size: ArraySlice<Int>) -> String { size.map(String.init).joined(separator: " x ") }
      throw MoultError(
        .badData,
        "MNIST: expected test images of \(text(sizes.train)) pixels, as the training images are, got "
          + text(sizes.test),
        location: directory)
    }
    return DatasetPair(train: train, test: test)
  }

  /// Reads a data set from the bytes of two IDX files, gzip-compressed or not. `name` is its name in messages.
  public static func decode(images: [UInt8], labels: [UInt8], name: String) throws(MoultError) -> Dataset {
    try dataset(
      images: try IDX.decode(images, location: "\(name), images"),
      labels: try IDX.decode(labels, location: "\(name), labels"), in: name)
  }

  private static func read(_ file: File, in directory: String) throws(MoultError) -> Tensor {
    for name in file.names where exists("\(directory)/\(name)") {
      return try IDX.read("\(directory)/\(name)")
    }
    throw MoultError(
      .noInput,
      "MNIST: expected \(file.rawValue) in the folder, also as .gz, got no such file; the four files are "
        + File.allCases.map(\.rawValue).joined(separator: ", "),
      location: directory)
  }

  private static func dataset(images: Tensor, labels: Tensor, in location: String) throws(MoultError) -> Dataset {
    guard images.dtype == .uint8, images.rank == 3, images.count > 0 else {
      throw MoultError(
        .badData,
        "MNIST: expected images as bytes [N, height, width], got \(images.dtype.rawValue) \(images.shape)",
        location: location)
    }
    guard labels.dtype == .uint8, labels.shape == [images.shape[0]] else {
      throw MoultError(
        .badData,
        "MNIST: expected one byte for each of \(images.shape[0]) labels, got \(labels.dtype.rawValue) \(labels.shape)",
        location: location)
    }
    let pixels = images.shape[1] * images.shape[2]
    return Dataset(
      inputs: images.withContiguousBytes { bytes in
        Tensor(dtype: .uint8, shape: [images.shape[0], pixels]) { $0.copyMemory(from: bytes) }
      },
      labels: labels.cast(to: .int32))
  }
}
