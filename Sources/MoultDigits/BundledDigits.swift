import CMoultDigits
import MoultCore
import MoultTraining

/// A sample of MNIST that is part of whatever links it, for examples and first steps: the first 10,000 training images
/// and the whole test set.
public enum BundledDigits {
  /// Classes that there are: 0 to 9.
  public static let classCount = 10
  /// Pixels along each edge of an image.
  public static let side = 28

  /// Unpacks the digits.
  ///
  /// - Returns: 10,000 training and 10,000 test images, `[784]` each with pixels of 0 to 1, and their labels.
  /// - Throws: ``MoultError`` if the program's file is damaged.
  /// - Complexity: 20,000 images to unpack, at every call.
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
