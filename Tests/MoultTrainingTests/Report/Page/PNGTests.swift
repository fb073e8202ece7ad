import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct PNGTests {
  /// Two gray pixels, 0 and 255, packed by `zlib.compress(bytes([0, 0, 255]), 9)` and put into chunks with
  /// `zlib.crc32` by Python 3.11, whose decoder reads it back.
  static let twoPixels: [UInt8] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0, 209,
    73, 32, 86, 0, 0, 0, 11, 73, 68, 65, 84, 120, 218, 99, 96, 248, 15, 0, 1, 2, 1, 0, 209, 26, 203, 143, 0, 0,
    0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
  ]

  @Test func theFileIsWhatPythonMakes() {
    expectEqual(PNG.encoded(width: 2, height: 1, channels: 1, bytes: [0, 255]), Self.twoPixels)
  }

  @Test(arguments: [1, 2, 3, 4])
  func pixelsComeBack(channels: Int) throws {
    let (width, height) = (37, 23)
    let bytes = (0..<width * height * channels).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 3) }
    let file = try unwrapped(PNG.encoded(width: width, height: height, channels: channels, bytes: bytes))
    expectEqual(file[25], [0, 4, 2, 6][channels - 1])
    // The zlib stream as a gzip member: another frame around the same deflate data, whose checks are Gzip's own.
    let length = file[33..<37].reduce(0) { $0 << 8 | Int($1) }
    let deflated = Array(file[43..<41 + length - 4])
    var lines: [UInt8] = []
    for y in 0..<height { lines += [0] + bytes[y * width * channels..<(y + 1) * width * channels] }
    let member = try Gzip.compress(lines)
    let frame = Array(member[..<10]) + deflated + Array(member.suffix(8))
    try expectEqual(Gzip.decompress(frame, limit: lines.count), lines)
  }

  @Test func sizesThatDoNotFitTheBytesGiveNoImage() {
    expectNil(PNG.encoded(width: 2, height: 2, channels: 1, bytes: [1, 2, 3]))
    expectNil(PNG.encoded(width: 0, height: 0, channels: 1, bytes: []))
    expectNil(PNG.encoded(width: 1, height: 1, channels: 5, bytes: [1, 2, 3, 4, 5]))
    expectNil(PNG.encoded(width: -1, height: -1, channels: 1, bytes: [1]))
    expectNil(PNG.encoded(width: .max, height: .max, channels: 4, bytes: []))
  }

  @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
  func base64IsThatOfRFC4648(text: String, encoded: String) {
    expectEqual(PNG.base64(Array(text.utf8)), encoded)
  }
}
