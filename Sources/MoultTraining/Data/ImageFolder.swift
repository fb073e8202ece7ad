import MoultCore
import MoultFormats

/// A folder of PNG and JPEG images in one folder for each class.
///
///     DIR/train/cat/1.png  DIR/train/dog/1.jpg  DIR/test/cat/7.png   two parts
///     DIR/cat/1.png        DIR/dog/1.jpg                             one part, to be split by the reader
///
/// Classes are numbered in the order of their names' bytes, and samples come in the order of classes and file names, on
/// every machine the same. Files by other names than `.png`, `.jpg` and `.jpeg` are passed over, and counted.
public struct ImageFolder {
  /// The most bytes of pixels that are read unless the caller says otherwise: 4 GiB.
  public static let defaultLimit = 1 << 32

  /// The names of the classes, each at its number.
  public let classNames: [String]
  private let path: String
  private let layout: ImageFolderLayout

  /// Finds the images, without reading any.
  ///
  /// - Returns: nil if no folder in it holds images.
  /// - Throws: `noInput` if it cannot be read, `badData` if there is one class only, or the test part has others.
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

  /// Reads all images, as bytes `[N, H, W]` if all are gray, else `[N, H, W, 3]` in red, green and blue.
  ///
  /// - Parameters:
  ///   - size: the size that every image is scaled to, each pixel the mean of the area it covers; the ratio of the
  ///     sides is not kept. Nil to take them as they are: then all must have one size.
  ///   - limit: the most bytes of pixels to accept.
  /// - Throws: `usage` in a build without the trait `Images`, `badData` with the path of an image that is damaged or
  ///   has another size than the first.
  /// - Complexity: every file is read twice, once for its header, so that nothing is allocated for images that do not
  ///   fit together.
  public func load(size: PixelSize? = nil, limit: Int = defaultLimit) throws(MoultError) -> DatasetParts {
    guard EncodedImage.isSupported else { throw EncodedImage.unsupported(path) }
    let parts = [layout.train] + (layout.test.map { [$0] } ?? [])
    let images = parts.flatMap { $0.flatMap(\.images) }
    var (commonSize, isColor) = (size, false)
    for image in images {
      let header = try Self.header(of: image, limit: limit)
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
    let channels = isColor ? 3 : 1
    guard
      checkedByteCount([images.count, commonSize.pixelCount, channels], bitsPerElement: 8).map({ $0 <= limit }) ?? false
    else {
      throw MoultError(
        .badData,
        "images: expected at most \(limit) bytes of pixels, got \(images.count) images of \(commonSize); bring them to "
          + "a smaller size with --image-size",
        location: path)
    }
    let train = try dataset(layout.train, size: commonSize, channels: channels, limit: limit)
    let test: Dataset? =
      if let part = layout.test { try dataset(part, size: commonSize, channels: channels, limit: limit) } else { nil }
    return DatasetParts(train: train, test: test, classNames: classNames, passedOver: passedOver)
  }

  /// The files and folders that were passed over, in words.
  private var passedOver: [String] {
    [
      (layout.passedOver.files, "file that is no image", "files that are no images"),
      (layout.passedOver.folders, "folder that is no class", "folders that are no classes"),
    ]
    .filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
  }

  private static func header(of path: String, limit: Int) throws(MoultError) -> EncodedImage {
    let file = try InputFile(path)
    guard file.byteCount <= limit else {
      throw MoultError(.badData, "expected an image of at most \(limit) bytes, got \(file.byteCount)", location: path)
    }
    let header = try EncodedImage(try file.bytes(), location: path)
    // The sides are a million at most, which three channels of do not overflow.
    guard header.size.pixelCount * 3 <= limit else {
      throw MoultError(
        .badData, "expected an image of at most \(limit) bytes of pixels, got one of \(header.size)", location: path)
    }
    return header
  }

  private func dataset(
    _ classes: [ImageFolderLayout.ClassFolder], size: PixelSize, channels: Int, limit: Int
  ) throws(MoultError) -> Dataset {
    var labels: [Int] = []
    let paths = classes.flatMap(\.images)
    for part in classes {
      let number = classNames.firstIndex(of: part.name) ?? 0
      labels += [Int](repeating: number, count: part.images.count)
    }
    let shape = [paths.count, size.height, size.width] + (channels == 1 ? [] : [channels])
    var failure: MoultError?
    let inputs = Tensor(dtype: .uint8, shape: shape) { target in
      do throws(MoultError) {
        for (index, path) in paths.enumerated() {
          let pixels = try Self.header(of: path, limit: limit).pixels(channels: channels).resized(to: size)
          let bytes = pixels.bytes
          UnsafeMutableRawBufferPointer(rebasing: target[(index * bytes.count)..<((index + 1) * bytes.count)])
            .copyBytes(from: bytes)
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return Dataset(inputs: inputs, labels: Tensor(labels: labels))
  }
}
