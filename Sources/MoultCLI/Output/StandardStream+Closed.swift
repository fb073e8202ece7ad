import Moult
import MoultPlatform

extension StandardStream {
  /// Opens what the program was started without (`>&-`): else the first files that it opens become its standard
  /// streams, and messages go into them. Writing still fails, so that a lost result is an error as before.
  static func openClosedOnes() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      // The system gives the least free number, which is this one.
      _ = open("/dev/null", O_RDONLY)
    }
  }
}
