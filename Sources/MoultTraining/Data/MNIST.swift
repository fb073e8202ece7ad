import MoultCore
import MoultFormats

/// Training data and test data.
public struct DatasetPair: Sendable {
  /// The training samples.
  public let train: TensorDataset
  /// The test samples.
  public let test: TensorDataset

  /// Makes a pair.
  public init(train: TensorDataset, test: TensorDataset) {
    self.train = train
    self.test = test
  }
}

/// The MNIST handwritten digits of LeCun, Cortes and Burges, and data sets with the same four files, such as
/// Fashion-MNIST and KMNIST.
public enum MNIST {
  /// The four files of the data set.
  package enum File: String, CaseIterable, Sendable {
    case trainImages = "train-images-idx3-ubyte"
    case trainLabels = "train-labels-idx1-ubyte"
    case testImages = "t10k-images-idx3-ubyte"
    case testLabels = "t10k-labels-idx1-ubyte"

    /// The possible names of the file.
    var names: [String] {
      let dotted = rawValue.replacing("-idx", with: ".idx")
      return [rawValue, rawValue + ".gz", dotted, dotted + ".gz"]
    }
  }

  /// Whether the folder holds at least one of the four files.
  package static func hasFiles(in directory: String) -> Bool {
    File.allCases.contains { $0.names.contains { exists("\(directory)/\($0)") } }
  }

  /// Reads the four IDX files of a folder, each gzip-compressed or not.
  ///
  /// - Returns: Data sets with inputs `[N, height * width]`, stored as bytes and converted to 0…1 when read, and
  ///   `int32` labels `[N]`.
  /// - Throws: An error of code `.noInput` if a file does not exist, or of code `.badData` if a file is damaged or the
  ///   files do not match.
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

  /// Reads a data set from the bytes of two IDX files, each gzip-compressed or not.
  ///
  /// - Parameters:
  ///   - images: The bytes of the image file.
  ///   - labels: The bytes of the label file.
  ///   - name: The name of the data set in error messages.
  /// - Throws: An error of code `.badData` if a file is damaged or the files do not match.
  public static func decode(images: [UInt8], labels: [UInt8], name: String) throws(MoultError) -> TensorDataset {
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

  private static func dataset(images: Tensor, labels: Tensor, in location: String) throws(MoultError) -> TensorDataset {
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
    return TensorDataset(
      inputs: images.withContiguousBytes { bytes in
        Tensor(dtype: .uint8, shape: [images.shape[0], pixels]) { $0.copyMemory(from: bytes) }
      },
      labels: labels.cast(to: .int32))
  }
}
