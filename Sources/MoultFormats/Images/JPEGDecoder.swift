#if Images
  import CTurboJPEG
  import MoultCore

  /// Decodes JPEG images with TurboJPEG, which returns errors instead of using `longjmp`, which Swift code cannot
  /// survive.
  enum JPEGDecoder {
    /// Returns the size and the color mode in the header of the image.
    static func information(
      _ bytes: [UInt8], location: String
    ) throws(MoultError) -> (width: Int, height: Int, isColor: Bool) {
      try withDecompressor(location) { handle throws(MoultError) in
        var (width, height, sampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
        guard tjDecompressHeader3(handle, bytes, UInt(bytes.count), &width, &height, &sampling, &space) == 0 else {
          throw failure(handle, location)
        }
        guard space != TJCS_CMYK.rawValue, space != TJCS_YCCK.rawValue else {
          throw MoultError(
            .badData, "JPEG: expected gray or RGB, got CMYK, the colors of printers; convert it", location: location)
        }
        return (Int(width), Int(height), space != TJCS_GRAY.rawValue)
      }
    }

    /// Returns all pixels, with `channels` bytes each.
    static func pixels(
      _ bytes: [UInt8], size: PixelSize, channels: Int, location: String
    ) throws(MoultError) -> [UInt8] {
      var pixels = [UInt8](repeating: 0, count: size.pixelCount * channels)
      try withDecompressor(location) { handle throws(MoultError) in
        let format = channels == 1 ? TJPF_GRAY : TJPF_RGB
        // Warnings are errors here: they mean a damaged file, whose rest would be gray. An image with thousands of
        // scans is refused as an attack.
        let flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
        let status = tjDecompress2(
          handle, bytes, UInt(bytes.count), &pixels, Int32(size.width), 0, Int32(size.height), Int32(format.rawValue),
          flags)
        guard status == 0 else { throw failure(handle, location) }
      }
      return pixels
    }

    private static func withDecompressor<Result>(
      _ location: String, _ body: (tjhandle) throws(MoultError) -> Result
    ) throws(MoultError) -> Result {
      guard let handle = tjInitDecompress() else {
        throw MoultError(.failure, "TurboJPEG could not start", location: location)
      }
      defer { tjDestroy(handle) }
      return try body(handle)
    }

    private static func failure(_ handle: tjhandle, _ location: String) -> MoultError {
      MoultError(
        .badData, "JPEG: the image is damaged or cut short; fetch it again, or take it out of the folder",
        location: location, cause: tjGetErrorStr2(handle).map { String(cString: $0) })
    }
  }
#endif
