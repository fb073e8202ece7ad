import Moult
import MoultPlatform

extension StandardStream {
  /// Opens standard streams that the program was started without (`>&-`). Otherwise the first files that it opens would
  /// become its standard streams, and messages would be written into them. Writing still fails, so that a lost result
  /// is an error.
  static func openClosedOnes() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      // The system assigns the smallest free number, which is `descriptor`.
      _ = open("/dev/null", O_RDONLY)
    }
  }
}
