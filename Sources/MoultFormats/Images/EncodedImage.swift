import MoultCore

/// A PNG or JPEG image whose header has been read. The format is recognized by the bytes, not by the file name.
package struct EncodedImage {
  private enum Format {
    case png
    case jpeg
  }

  /// Whether this build can decode images, which needs the package trait `Images`.
  package static var isSupported: Bool {
    #if Images
      true
    #else
      false
    #endif
  }

  package let size: PixelSize
  package let isColor: Bool
  private let format: Format
  private let bytes: [UInt8]
  private let location: String

  /// Reads the header of the image in `bytes`. `location` is the name of the image in error messages.
  ///
  /// - Throws: `.badData` for other formats, a damaged header or an unsupported size; `.usage` without the trait
  ///   `Images`.
  package init(_ bytes: [UInt8], location: String) throws(MoultError) {
    let format: Format
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      format = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      format = .jpeg
    } else {
      throw MoultError(
        .badData, "expected a PNG or JPEG image, got other content; convert it, or take it out of the folder",
        location: location)
    }
    #if Images
      let information =
        switch format {
        case .png: try PNGDecoder.information(bytes, location: location)
        case .jpeg: try JPEGDecoder.information(bytes, location: location)
        }
      guard let size = PixelSize(width: information.width, height: information.height) else {
        throw MoultError(
          .badData,
          "expected 1 to \(PixelSize.greatestSide) pixels on each side, got \(information.width)x\(information.height)",
          location: location)
      }
      (self.size, isColor) = (size, information.isColor)
      (self.format, self.bytes, self.location) = (format, bytes, location)
    #else
      throw Self.unsupported(location)
    #endif
  }

  /// Decodes the image to 8-bit pixels.
  ///
  /// - Parameter channels: 1 for gray, or 3 for red, green and blue.
  package func pixels(channels: Int) throws(MoultError) -> ImagePixels {
    #if Images
      let pixels =
        switch format {
        case .png: try PNGDecoder.pixels(bytes, size: size, channels: channels, location: location)
        case .jpeg: try JPEGDecoder.pixels(bytes, size: size, channels: channels, location: location)
        }
      return ImagePixels(size: size, channels: channels, bytes: pixels)
    #else
      throw Self.unsupported(location)
    #endif
  }

  /// Returns the error of a build that cannot decode images.
  package static func unsupported(_ location: String) -> MoultError {
    MoultError(
      .usage,
      "expected a build with image decoders, got one without; install them (apt-get install -y libpng-dev libturbojpeg0-dev) and build "
        + "with them (swift build -c release --traits Images)",
      location: location)
  }
}
