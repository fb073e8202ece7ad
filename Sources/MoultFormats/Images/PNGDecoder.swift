#if Images
  import CPNG
  import MoultCore

  /// Decodes PNG images with libpng's simplified interface, which returns errors instead of using `longjmp`, which
  /// Swift code cannot survive.
  enum PNGDecoder {
    /// Returns the size and the color mode in the header of the image.
    static func information(
      _ bytes: [UInt8], location: String
    ) throws(MoultError) -> (width: Int, height: Int, isColor: Bool) {
      try withImage(bytes, location: location) { image in
        (Int(image.pointee.width), Int(image.pointee.height), image.pointee.format & PNG_FORMAT_FLAG_COLOR != 0)
      }
    }

    /// Returns all pixels, with `channels` bytes each. Transparent pixels are blended with white.
    static func pixels(
      _ bytes: [UInt8], size: PixelSize, channels: Int, location: String
    ) throws(MoultError) -> [UInt8] {
      var pixels = [UInt8](repeating: 0, count: size.pixelCount * channels)
      try withImage(bytes, location: location) { image throws(MoultError) in
        image.pointee.format = channels == 1 ? UInt32(PNG_FORMAT_GRAY) : UInt32(PNG_FORMAT_RGB)
        // Without this flag, libpng takes 16-bit images without a color space as linear, not as sRGB.
        image.pointee.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
        var white = png_color(red: 255, green: 255, blue: 255)
        guard png_image_finish_read(image, &white, &pixels, 0, nil) != 0 else { throw failure(image, location) }
      }
      return pixels
    }

    /// Calls `body` with an image whose header has been read.
    private static func withImage<Result>(
      _ bytes: [UInt8], location: String, _ body: (UnsafeMutablePointer<png_image>) throws(MoultError) -> Result
    ) throws(MoultError) -> Result {
      let image = UnsafeMutablePointer<png_image>.allocate(capacity: 1)
      image.initialize(to: png_image())
      image.pointee.version = UInt32(PNG_IMAGE_VERSION)
      defer {
        png_image_free(image)
        image.deallocate()
      }
      return try bytes.withUnsafeBufferPointer { buffer throws(MoultError) in
        guard png_image_begin_read_from_memory(image, buffer.baseAddress, buffer.count) != 0 else {
          throw failure(image, location)
        }
        return try body(image)
      }
    }

    private static func failure(_ image: UnsafeMutablePointer<png_image>, _ location: String) -> MoultError {
      let reason = withUnsafeBytes(of: image.pointee.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      return MoultError(
        .badData, "PNG: the image is damaged or cut short; fetch it again, or take it out of the folder",
        location: location, cause: reason)
    }
  }
#endif
