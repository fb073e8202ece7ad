#if Images
  import MoultCore
  import MoultTraining
  import MoultTestSupport
  import Testing

  @Suite struct EncodedImageTests {
    private static func image(_ name: String) throws -> EncodedImage {
      try EncodedImage(contents(reference("images/" + name)), location: name)
    }

    /// The greatest difference from what Pillow decodes.
    private static func difference(_ name: String) throws -> Int {
      let expected = try NPZArchive(reference("images/pixels.npz")).read(name)
      let image = try image(name)
      expectEqual([image.size.height, image.size.width], Array(expected.shape.prefix(2)))
      expectEqual(image.isColor, expected.rank == 3)
      let pixels = try image.pixels(channels: image.isColor ? 3 : 1).bytes
      return zip(pixels, expected.scalars(as: UInt8.self)).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }

    @Test(arguments: ["color.png", "gray.png", "palette.png", "bits.png", "deep.png", "transparent.png"])
    func pngIsExact(name: String) throws {
      try expectEqual(Self.difference(name), 0)
    }

    @Test(arguments: ["color.jpg", "sampled.jpg", "gray.jpg", "progressive.jpg"])
    func jpegIsCloseToPillow(name: String) throws {
      try expectAtMost(Self.difference(name), 2)
    }

    @Test func grayBecomesThreeEqualChannels() throws {
      for name in ["gray.png", "gray.jpg"] {
        let (one, three) = (try Self.image(name).pixels(channels: 1), try Self.image(name).pixels(channels: 3))
        expectEqual(three.bytes, one.bytes.flatMap { [$0, $0, $0] })
      }
    }

    @Test(arguments: ["color.png", "gray.jpg", "progressive.jpg"])
    func everyTruncationIsRefusedOrChangesNothing(name: String) throws {
      let bytes = try contents(reference("images/" + name))
      let whole = try Self.image(name).pixels(channels: 3).bytes
      for count in 0..<bytes.count {
        do throws(MoultError) {
          let pixels = try EncodedImage(Array(bytes[..<count]), location: "x").pixels(channels: 3).bytes
          // Behind the pixels of a PNG nothing but its end mark follows.
          expectTrue(pixels == whole && count > bytes.count - 17, "\(count) bytes")
        } catch {
          expectTrue(error.exitCode == 65 && error.location == "x", "\(count) bytes: \(error)")
        }
      }
    }

    @Test func aDamagedImageSaysWhyAndWhere() throws {
      var bytes = try contents(reference("images/color.png"))
      bytes[60] ^= 0xFF
      let error = try moultError { _ = try EncodedImage(bytes, location: "cat/1.png").pixels(channels: 3) }
      expectTrue(error.message.hasPrefix("PNG: the image is damaged or cut short"))
      expectEqual(error.location, "cat/1.png")
      expectEqual(error.cause?.isEmpty, false)
    }

    @Test func otherKindsAreRefused() throws {
      let text = try moultError { _ = try EncodedImage(Array("GIF89a".utf8), location: "x") }
      expectTrue(text.message.contains("expected a PNG or JPEG image"))
      let cmyk = try moultError { _ = try Self.image("cmyk.jpg") }
      expectTrue(cmyk.message.contains("got CMYK"))
    }
  }
#endif
