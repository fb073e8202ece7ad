import CMoultDigits
import MoultCore
import MoultDigits
import MoultDownloads
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct BundledDigitsTests {
  private static func bytes(_ pointer: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: pointer, count: count))
  }

  private static let trainImages = bytes(mk_digits_train_images_bytes(), mk_digits_train_images_length)
  private static let trainLabels = bytes(mk_digits_train_labels_bytes(), mk_digits_train_labels_length)
  private static let testImages = bytes(mk_digits_test_images_bytes(), mk_digits_test_images_length)
  private static let testLabels = bytes(mk_digits_test_labels_bytes(), mk_digits_test_labels_length)

  @Test func theContentIsTheOneWeKnow() throws {
    let sums = [
      (Self.trainImages, "2889698e6bc3614913e76901316712919d1998fc2b44512451bfe65bc1e668b1"),
      (Self.trainLabels, "651e38e2ac0632f5113ec18f1df4977117f953197819034009971a6675a0df78"),
      (Self.testImages, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
      (Self.testLabels, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ]
    for (packed, sum) in sums {
      try expectEqual(sha256(Gzip.decompress(packed, limit: 1 << 24)), sum)
    }
  }

  @Test func theTestSetIsTheOriginalOne() {
    // The last two sums above are those of the original files, which the download checks.
    let known = MNIST.remoteFiles.suffix(2).map(\.sha256)
    expectEqual(
      known,
      [
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      ])
  }

  @Test func theyAreDigits() throws {
    let digits = try BundledDigits.load(), train = digits.train, test = digits.test
    expectEqual(train.inputs.shape, [10_000, BundledDigits.side * BundledDigits.side])
    expectEqual(test.inputs.shape, [10_000, 784])
    expectEqual(train.labels.scalars(as: Int32.self).prefix(10), [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    expectEqual(test.labels.scalars(as: Int32.self).prefix(10), [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    expectEqual(Set(train.labels.scalars(as: Int32.self)), Set(0..<Int32(BundledDigits.classCount)))
    // 81 % of the pixels are zero, and stay so.
    let pixels = train.inputs.scalars(as: Float.self)
    let zeros = pixels.count(where: { $0 == 0 })
    expectTrue((0.80...0.82).contains(Double(zeros) / Double(pixels.count)))
    expectEqual(pixels.max(), 1)
  }
}
