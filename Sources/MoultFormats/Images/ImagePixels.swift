import MoultCore

/// The width and height of an image in pixels.
public struct PixelSize: Sendable, Equatable, CustomStringConvertible {
  /// The largest width and height in pixels, the limit of PNG decoders; that of JPEG is lower.
  public static let greatestSide = 1_000_000

  /// The width in pixels.
  public let width: Int
  /// The height in pixels.
  public let height: Int

  /// Creates a size; nil unless both sides have 1 to 1,000,000 pixels.
  public init?(width: Int, height: Int) {
    guard (1...Self.greatestSide).contains(width), (1...Self.greatestSide).contains(height) else { return nil }
    (self.width, self.height) = (width, height)
  }

  /// Parses a size of the form `WIDTHxHEIGHT`, such as `28x28`; nil for other texts.
  public init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }),
      let width = Int(parts[0]), let height = Int(parts[1])
    else { return nil }
    self.init(width: width, height: height)
  }

  /// The size in the form `28x28`.
  public var description: String { "\(width)x\(height)" }

  /// The number of pixels.
  package var pixelCount: Int { width * height }
}

/// The decoded pixels of an image, row by row, with one byte (gray) or three bytes (red, green, blue) per pixel.
package struct ImagePixels {
  package let size: PixelSize
  package let channels: Int
  package let bytes: [UInt8]

  /// Creates an image.
  ///
  /// - Precondition: `bytes` has width · height · channels elements.
  package init(size: PixelSize, channels: Int, bytes: [UInt8]) {
    require(
      bytes.count == size.pixelCount * channels,
      "ImagePixels: expected \(size.pixelCount * channels) bytes for \(size), got \(bytes.count)")
    (self.size, self.channels, self.bytes) = (size, channels, bytes)
  }

  /// Returns the image at another size. Each new pixel is the mean of the area of this image that it covers.
  ///
  /// Averaging over areas keeps thin lines visible, but fainter, when the image shrinks. When it grows, pixels are
  /// repeated and mixed only at their borders. The aspect ratio may change.
  package func resized(to newSize: PixelSize) -> ImagePixels {
    guard newSize != size else { return self }
    let columns = Self.coverage(from: size.width, to: newSize.width)
    let rows = Self.coverage(from: size.height, to: newSize.height)
    var result: [UInt8] = []
    result.reserveCapacity(newSize.pixelCount * channels)
    for row in rows {
      // The weighted sum of the rows of this image that the new row covers.
      var line = [Float](repeating: 0, count: size.width * channels)
      for (offset, weight) in row.weights.enumerated() {
        let start = (row.first + offset) * line.count
        for index in line.indices { line[index] += weight * Float(bytes[start + index]) }
      }
      for column in columns {
        for channel in 0..<channels {
          var sum: Float = 0
          for (offset, weight) in column.weights.enumerated() {
            sum += weight * line[(column.first + offset) * channels + channel]
          }
          result.append(UInt8(min(max(sum.rounded(), 0), 255)))
        }
      }
    }
    return ImagePixels(size: newSize, channels: channels, bytes: result)
  }

  /// Divides a line of `length` pixels into `count` equal parts. Returns for each part the first pixel that it touches,
  /// and the fraction of the part in each pixel from there on.
  private static func coverage(from length: Int, to count: Int) -> [(first: Int, weights: [Float])] {
    // In units of 1/count of a pixel all positions are integers; they do not overflow, because a side has at most 10^6
    // pixels.
    (0..<count).map { part in
      let (begin, end) = (part * length, (part + 1) * length)
      let (first, last) = (begin / count, (end - 1) / count)
      let weights = (first...last).map { pixel in
        Float(min(end, (pixel + 1) * count) - max(begin, pixel * count)) / Float(length)
      }
      return (first, weights)
    }
  }
}
