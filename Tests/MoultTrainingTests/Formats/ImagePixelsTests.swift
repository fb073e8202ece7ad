import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct ImagePixelsTests {
  private static func resized(_ bytes: [UInt8], _ size: String, to newSize: String, channels: Int = 1) throws -> [UInt8]
  {
    let image = ImagePixels(size: try unwrapped(PixelSize(size)), channels: channels, bytes: bytes)
    let result = image.resized(to: try unwrapped(PixelSize(newSize)))
    expectEqual(result.size.description, newSize)
    return result.bytes
  }

  @Test func halfTheSizeIsTheMeanOfFourPixels() throws {
    try expectEqual(Self.resized([0, 100, 10, 20, 200, 100, 30, 43], "4x2", to: "2x1"), [100, 26])
  }

  @Test func pixelsThatArePartlyCoveredCountByTheirShare() throws {
    // Three pixels in two: each new one covers a whole pixel and half of the middle one.
    try expectEqual(Self.resized([0, 90, 255], "3x1", to: "2x1"), [30, 200])
    try expectEqual(Self.resized([0, 90, 255], "1x3", to: "1x2"), [30, 200])
  }

  @Test func channelsStayApart() throws {
    try expectEqual(Self.resized([10, 20, 30, 30, 40, 50], "2x1", to: "1x1", channels: 3), [20, 30, 40])
  }

  @Test func growingRepeatsPixels() throws {
    try expectEqual(Self.resized([1, 2], "2x1", to: "4x2"), [1, 1, 2, 2, 1, 1, 2, 2])
  }

  @Test(arguments: ["1x1", "7x3", "5x5", "13x2"]) func oneColorStaysThatColor(size: String) throws {
    try expectTrue(Self.resized([UInt8](repeating: 255, count: 35), "5x7", to: size).allSatisfy { $0 == 255 })
  }

  @Test func sizesAreReadAndWritten() {
    expectEqual(PixelSize("28x32"), PixelSize(width: 28, height: 32))
    expectEqual(PixelSize("28x32")?.description, "28x32")
    for text in ["", "28", "x28", "28x", "0x1", "-1x2", "2x2x2", "28X28", "1000001x1", "٣x٣", "+1x1"] {
      expectNil(PixelSize(text), "\(text)")
    }
  }
}
