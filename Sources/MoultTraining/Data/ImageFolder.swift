import MoultCore
import MoultFormats

/// A folder of PNG and JPEG images, with one subfolder for each class.
///
///     DIR/train/cat/1.png  DIR/train/dog/1.jpg  DIR/test/cat/7.png   training and test data
///     DIR/cat/1.png        DIR/dog/1.jpg                             one part, which the caller splits
///
/// Classes are numbered in the byte order of their names. Samples are ordered by class and then by file name, the same
/// on every machine. Files with other extensions than `.png`, `.jpg` and `.jpeg` are counted but not read.
public struct ImageFolder {
  /// The default maximum number of bytes of all pixels: 4 GiB.
  public static let defaultLimit = 1 << 32

  /// The names of the classes by class number.
  public let classNames: [String]
  private let path: String
  private let layout: ImageFolderLayout

  /// Finds the images of a folder without reading them.
  ///
  /// - Returns: nil if no subfolder holds images.
  /// - Throws: An error of code `.noInput` if the folder cannot be read, or of code `.badData` if there is only one
  ///   class or a class of the test data is not in the training data.
  public init?(_ path: String) throws(MoultError) {
    let layout = try ImageFolderLayout(path)
    guard !layout.train.isEmpty else { return nil }
    classNames = layout.train.map(\.name)
    (self.path, self.layout) = (path, layout)
    guard classNames.count > 1 else {
      throw MoultError(
        .badData, "images: expected a folder for each of two classes or more, got \(classNames[0]) alone",
        location: path)
    }
    for other in layout.test ?? [] where !classNames.contains(other.name) {
      throw MoultError(
        .badData, "images: expected classes in test that are in train too, got \"\(other.name)\"", location: path)
    }
  }

  /// Reads all images as bytes: `[N, H, W]` if all images are gray, else `[N, H, W, 3]` in the order red, green, blue.
  ///
  /// - Parameters:
  ///   - size: The size that every image is scaled to, by averaging over areas; the aspect ratio is not kept. nil to
  ///     keep the size, which must then be the same for all images.
  ///   - limit: The maximum number of bytes of all pixels.
  /// - Throws: An error of code `.usage` in a build without the package trait `Images`; of code `.badData` if an image
  ///   is damaged or has another size than the first, or if the images exceed `limit`; of code `.noInput` if a file
  ///   cannot be read.
  /// - Complexity: Every file is read twice. The first time only the headers are checked, so that no memory is
  ///   allocated for images that do not fit together.
  public func load(size: PixelSize? = nil, limit: Int = defaultLimit) throws(MoultError) -> DatasetParts {
    let parts = [layout.train] + (layout.test.map { [$0] } ?? [])
    let (commonSize, channels) = try scan(size: size, limit: limit)
    let count = parts.reduce(0) { $0 + $1.reduce(0) { $0 + $1.images.count } }
    guard
      checkedByteCount([count, commonSize.pixelCount, channels], bitsPerElement: 8).map({ $0 <= limit }) ?? false
    else {
      throw MoultError(
        .badData,
        "images: expected at most \(limit) bytes of pixels, got \(count) images of \(commonSize); bring them to "
          + "a smaller size with --image-size",
        location: path)
    }
    let (train, test) = datasets(size: commonSize, channels: channels)
    return DatasetParts(
      train: try train.loaded(), test: try loaded(test), classNames: classNames, passedOver: passedOver)
  }

  /// Opens all images to read those of a batch when it is needed, as ``ImageDataset`` does. Only headers are read here.
  ///
  /// - Parameter size: As for ``load(size:limit:)``.
  /// - Returns: The training data, and the test data if there are any.
  /// - Throws: As ``load(size:limit:)``.
  public func open(size: PixelSize? = nil) throws(MoultError) -> (train: ImageDataset, test: ImageDataset?) {
    let (commonSize, channels) = try scan(size: size, limit: Self.defaultLimit)
    return datasets(size: commonSize, channels: channels)
  }

  private func loaded(_ part: ImageDataset?) throws(MoultError) -> TensorDataset? {
    guard let part else { return nil }
    return try part.loaded()
  }

  /// Reads the headers of all images and returns their common size, and the channels that hold them all.
  private func scan(size: PixelSize?, limit: Int) throws(MoultError) -> (PixelSize, channels: Int) {
    guard EncodedImage.isSupported else { throw EncodedImage.unsupported(path) }
    let parts = [layout.train] + (layout.test.map { [$0] } ?? [])
    let images = parts.flatMap { $0.flatMap(\.images) }
    var (commonSize, isColor) = (size, false)
    for image in images {
      let header = try ImageDataset.header(of: image, limit: limit)
      isColor = isColor || header.isColor
      guard size == nil, commonSize != header.size else { continue }
      if let first = commonSize {
        throw MoultError(
          .badData,
          "images: expected \(first) pixels as in \(images[0]), got \(header.size); bring all to one size with "
            + "--image-size \(first)",
          location: image)
      }
      commonSize = header.size
    }
    guard let commonSize else { throw MoultError(.badData, "images: expected images, got none", location: path) }
    return (commonSize, isColor ? 3 : 1)
  }

  /// Descriptions of the files and folders that are not read.
  private var passedOver: [String] {
    [
      (layout.passedOver.files, "file that is no image", "files that are no images"),
      (layout.passedOver.folders, "folder that is no class", "folders that are no classes"),
    ]
    .filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
  }

  private func datasets(size: PixelSize, channels: Int) -> (train: ImageDataset, test: ImageDataset?) {
    func part(_ classes: [ImageFolderLayout.ClassFolder]) -> ImageDataset {
      let labels = classes.flatMap { part in
        let number = Int32(classNames.firstIndex(of: part.name) ?? 0)
        return [Int32](repeating: number, count: part.images.count)
      }
      return ImageDataset(classes.flatMap(\.images), labels: labels, size: size, channels: channels)
    }
    return (part(layout.train), layout.test.map(part))
  }
}
