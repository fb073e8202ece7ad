import MoultCore

/// The width and height of an image in pixels.
public struct PixelSize: Sendable, Equatable, CustomStringConvertible {
  /// The most pixels on a side, as PNG decoders have it; JPEG has fewer.
  public static let greatestSide = 1_000_000

  /// Pixels from left to right.
  public let width: Int
  /// Pixels from top to bottom.
  public let height: Int

  /// Makes a size of 1 to a million pixels on each side; nil for others.
  public init?(width: Int, height: Int) {
    guard (1...Self.greatestSide).contains(width), (1...Self.greatestSide).contains(height) else { return nil }
    (self.width, self.height) = (width, height)
  }

  /// Parses `WIDTHxHEIGHT`, as in `28x28`.
  public init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }),
      let width = Int(parts[0]), let height = Int(parts[1])
    else { return nil }
    self.init(width: width, height: height)
  }

  /// `28x28`.
  public var description: String { "\(width)x\(height)" }

  /// The number of pixels.
  package var pixelCount: Int { width * height }
}

/// The pixels of an image, row by row: one byte each for gray, or three for red, green and blue.
package struct ImagePixels {
  package let size: PixelSize
  package let channels: Int
  package let bytes: [UInt8]

  /// Makes an image of as many bytes as its size and channels say.
  package init(size: PixelSize, channels: Int, bytes: [UInt8]) {
    require(
      bytes.count == size.pixelCount * channels,
      "ImagePixels: expected \(size.pixelCount * channels) bytes for \(size), got \(bytes.count)")
    (self.size, self.channels, self.bytes) = (size, channels, bytes)
  }

  /// This image at another size: each pixel is the mean of the area of this image that it covers.
  ///
  /// Nothing is skipped when it shrinks, so that thin lines fade instead of vanishing; nothing is invented when it
  /// grows. The sides need not keep their ratio.
  package func resized(to newSize: PixelSize) -> ImagePixels {
    guard newSize != size else { return self }
    let columns = Self.coverage(from: size.width, to: newSize.width)
    let rows = Self.coverage(from: size.height, to: newSize.height)
    var result: [UInt8] = []
    result.reserveCapacity(newSize.pixelCount * channels)
    for row in rows {
      // The rows of this image that the new one covers, summed into one.
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

  /// For each of `count` equal parts of a line of `length` pixels: the first pixel it touches, and the share of the
  /// part that each pixel from there on takes.
  private static func coverage(from length: Int, to count: Int) -> [(first: Int, weights: [Float])] {
    // In units of 1/count of a pixel everything is a whole number: sides are a million at most.
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
