import CMoultDigits
import Moult

/// The sample of MNIST that is part of the program: the first 10,000 training images and the whole test set.
enum BundledDigits {
  static let classCount = 10
  /// Pixels along each edge of an image.
  static let side = 28

  static func load() throws(MoultError) -> DatasetPair {
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
