import CMoultDigits
import MoultCore
import MoultTraining

/// A part of MNIST whose bytes are linked into the program: the first 10,000 training images and all 10,000 test
/// images. Examples use it, because it needs no download.
public enum BundledDigits {
  /// The number of classes: the digits 0 to 9.
  public static let classCount = 10
  /// The height and the width of an image, in pixels.
  public static let side = 28

  /// Decompresses the images and labels into data sets.
  ///
  /// - Returns: The training and the test set, 10,000 samples each: inputs `[10000, 784]`, stored as bytes and read as
  ///   `float32` in 0...1; labels `[10000]` of `int32`.
  /// - Throws: ``MoultError`` of code `.badData` if the bytes in the program are damaged.
  /// - Complexity: Every call decompresses all 20,000 images; keep the result.
  public static func load() throws(MoultError) -> DatasetPair {
    DatasetPair(
      train: try MNIST.decode(
        images: bytes(mk_digits_train_images_bytes(), mk_digits_train_images_length),
        labels: bytes(mk_digits_train_labels_bytes(), mk_digits_train_labels_length), name: "bundled training digits"),
      test: try MNIST.decode(
        images: bytes(mk_digits_test_images_bytes(), mk_digits_test_images_length),
        labels: bytes(mk_digits_test_labels_bytes(), mk_digits_test_labels_length), name: "bundled test digits"))
  }

  private static func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: start, count: count))
  }
}
