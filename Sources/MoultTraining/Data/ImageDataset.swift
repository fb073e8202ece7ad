import MoultCore
import MoultFormats

/// The images of a folder, each decoded when a batch needs it: `ImageFolder.open(size:)`.
///
/// - Shapes: inputs `[B, H, W]` if all images are gray, else `[B, H, W, 3]` in the order red, green, blue, `float32` in
///   0…1; labels `[B]`, `int32`.
public struct ImageDataset: Dataset {
  private let paths: [String]
  private let labels: [Int32]
  private let size: PixelSize
  private let channels: Int

  init(_ paths: [String], labels: [Int32], size: PixelSize, channels: Int) {
    (self.paths, self.labels, self.size, self.channels) = (paths, labels, size, channels)
  }

  /// The number of images.
  public var count: Int { paths.count }

  /// Two batches.
  public var prefetchedBatches: Int { 2 }

  /// Reads and decodes the images at `indices`. An index outside `0..<count` stops the program.
  ///
  /// - Throws: An error of code `.badData` if an image is damaged, of code `.noInput` if a file cannot be read.
  public func batch(at indices: [Int]) throws(MoultError) -> Batch {
    let samples = try loaded(at: indices)
    return Batch(inputs: samples.inputs, labels: samples.labels, indices: indices)
  }

  /// Reads all images.
  func loaded() throws(MoultError) -> TensorDataset { try loaded(at: Array(paths.indices)) }

  private func loaded(at indices: [Int]) throws(MoultError) -> TensorDataset {
    requireIndices(indices, of: count, "ImageDataset")
    let shape = [indices.count, size.height, size.width] + (channels == 1 ? [] : [channels])
    var failure: MoultError?
    let inputs = Tensor(dtype: .uint8, shape: shape) { target in
      do throws(MoultError) {
        for (row, index) in indices.enumerated() {
          let image = try Self.header(of: paths[index], limit: ImageFolder.defaultLimit)
          let bytes = try image.pixels(channels: channels).resized(to: size).bytes
          UnsafeMutableRawBufferPointer(rebasing: target[(row * bytes.count)..<((row + 1) * bytes.count)])
            .copyBytes(from: bytes)
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return TensorDataset(inputs: inputs, labels: Tensor(indices.map { labels[$0] }, shape: [indices.count]))
  }

  /// Reads a file with an image and parses the header of the image.
  static func header(of path: String, limit: Int) throws(MoultError) -> EncodedImage {
    let file = try InputFile(path)
    guard file.byteCount <= limit else {
      throw MoultError(.badData, "expected an image of at most \(limit) bytes, got \(file.byteCount)", location: path)
    }
    let header = try EncodedImage(try file.bytes(), location: path)
    // A side has at most a million pixels, so the product of both sides and three channels does not overflow.
    guard header.size.pixelCount * 3 <= limit else {
      throw MoultError(
        .badData, "expected an image of at most \(limit) bytes of pixels, got one of \(header.size)", location: path)
    }
    return header
  }
}
